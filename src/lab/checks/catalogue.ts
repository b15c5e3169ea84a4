import { sameFiles, unionOf } from "../run/recovery.ts";
import type { Check } from "./check.ts";

/** After quiet, `list net` is exactly what the living peers share. */
export const catalogue: Check = {
  name: "catalogue-truth",
  says: "once all is quiet, the network's list is exactly what the living peers share",
  timed: true,
  judge({ recovery, schedule }, { within = schedule.quiet }) {
    const { network, shared, catalogueAt, healedAt } = recovery;
    const union = unionOf(shared);
    if (union.size === 0 && schedule.cluster.files === undefined) {
      return { verdict: "inconclusive", message: "no peer shares a file" };
    }
    if (catalogueAt === undefined || !sameFiles(network, shared)) {
      return {
        verdict: "fail",
        message: `not within ${within} ms: ${difference(network, union)}`,
        limit: within,
        culprit: "catalogue",
      };
    }
    const took = catalogueAt - healedAt;
    const message = `${union.size} files, ${Math.round(took)} ms after the last fault was undone`;
    return took <= within
      ? { verdict: "pass", message, measured: took, limit: within }
      : { verdict: "fail", message, measured: took, limit: within, culprit: "catalogue" };
  },
};

function difference(
  network: Parameters<typeof sameFiles>[0],
  union: ReturnType<typeof unionOf>,
): string {
  if (network === undefined) return "nobody could list the network's files";
  const listed = new Map(
    network.map(({ name, fileId, holders }) => [`${name} ${fileId}`, holders]),
  );
  const missing = [...union.keys()].filter((file) => !listed.has(file));
  const more = [...listed.keys()].filter((file) => !union.has(file));
  const wrong = [...union].filter(([file, holders]) => {
    const told = listed.get(file);
    return told !== undefined && [...told].sort().join() !== holders.join();
  });
  const some = (what: string, files: readonly string[]): string =>
    files.length === 0 ? "" : `${files.length} ${what} (${files[0]!.split(" ")[0]})`;
  return [
    some("missing", missing),
    some("that nobody shares", more),
    some("with other holders", wrong.map(([file]) => file)),
  ].filter((text) => text !== "").join(", ") || "it was so only later";
}
