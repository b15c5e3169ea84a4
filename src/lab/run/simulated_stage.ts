import { createCluster } from "../../cluster/mod.ts";
import { mutantPeer } from "../mutants/mod.ts";
import type { Stage, StageOptions } from "./stage.ts";
import { bounds, settingsOf } from "./stage.ts";

/** A cluster under virtual time, with its files on simulated disks. */
export async function openSimulated(options: StageOptions): Promise<Stage> {
  const { plan, files } = options;
  const mutant = options.mutant ??
    (plan.mutant === undefined ? undefined : mutantPeer(plan.mutant, plan.protocol));
  const shared: Record<string, Record<string, Uint8Array>> = {};
  for (const { name, bytes, holders } of files.values()) {
    for (const holder of holders) (shared[holder] ??= {})[name] = bytes;
  }
  const { latency } = plan;
  const { min, max } = bounds(latency ?? 0);
  const cluster = await createCluster({
    runtime: "simulation",
    ...settingsOf(options),
    files: shared,
    ...(latency !== undefined && { latency: (u: number) => min + u * (max - min) }),
    ...(mutant && { peer: mutant }),
  });
  return {
    cluster,
    put(peer, name, bytes) {
      cluster.disk(peer).put(`${cluster.folders(peer).shared}/${name}`, bytes);
      return Promise.resolve();
    },
    async remove(peer, name) {
      await cluster.disk(peer).direct.remove(`${cluster.folders(peer).shared}/${name}`);
    },
    read: (peer, path) => Promise.resolve(cluster.disk(peer).read(path)),
    [Symbol.asyncDispose]: () => cluster.close(),
  };
}
