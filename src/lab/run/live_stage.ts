import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createCluster } from "../../cluster/mod.ts";
import { RefusedFaultError } from "./errors.ts";
import type { Stage, StageOptions } from "./stage.ts";
import { peersOf, settingsOf } from "./stage.ts";

/** A cluster on threads, with its files in real folders; in a temporary one unless it is told where. */
export async function openLive(options: StageOptions): Promise<Stage> {
  const { plan, files, mutant } = options;
  if (plan.mutant !== undefined || mutant !== undefined) {
    const why = "peers with planted bugs are run in simulation only";
    throw new RefusedFaultError("live", [{ id: "cluster", verb: "mutant", why }]);
  }
  const root = options.folder ?? await mkdtemp(join(tmpdir(), "troupe-run-"));
  const shared = join(root, "shared");
  const put = async (peer: string, name: string, bytes: Uint8Array): Promise<void> =>
    await writeFile(join(shared, peer, name), bytes);
  const clear = async (): Promise<void> => {
    if (options.folder === undefined) await rm(root, { recursive: true, force: true });
  };
  try {
    for (const peer of peersOf(plan)) await mkdir(join(shared, peer), { recursive: true });
    for (const { name, bytes, holders } of files.values()) {
      for (const holder of holders) await put(holder, name, bytes);
    }
    const cluster = await createCluster({ ...settingsOf(options), folder: root, shared });
    return {
      cluster,
      put,
      remove: (peer, name) => rm(join(shared, peer, name), { force: true }),
      read: (_peer, path) => readFile(path).catch(() => undefined),
      async [Symbol.asyncDispose]() {
        await cluster.close();
        await clear();
      },
    };
  } catch (error) {
    await clear();
    throw error;
  }
}
