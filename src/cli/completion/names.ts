import type { Io } from "../io.ts";
import { connectAll } from "../control/running.ts";
import { settlesWithin } from "../waiting.ts";
import type { Names } from "./candidates.ts";

/** Milliseconds that a person who pressed Tab is kept waiting. */
const WITHIN = 700;

/** The names of the clusters that run, of their peers and of the runs kept here. Errors are no business of Tab's. */
export function namesOfNow({ env, cwd }: Pick<Io, "env" | "cwd">): Names {
  const look = async (): Promise<readonly { name: string; peers: readonly string[] }[]> => {
    const asked = connectAll(env);
    if (!await settlesWithin(asked, WITHIN)) return [];
    const { clusters } = await asked.catch(() => ({ clusters: [] }));
    await Promise.all(clusters.map((cluster) => cluster[Symbol.asyncDispose]()));
    return clusters.map(({ info, peers }) => ({ name: info.name, peers }));
  };
  return {
    clusters: async () => (await look()).map(({ name }) => name),
    peers: async () => {
      const clusters = await look();
      return clusters.flatMap(({ name, peers }) =>
        clusters.length === 1 ? peers : peers.map((peer) => `${name}/${peer}`)
      );
    },
    runs: async () => {
      const { listRuns } = await import("../../lab/run_folder/mod.ts");
      return (await listRuns(cwd).catch(() => [])).map(({ id }) => id);
    },
  };
}
