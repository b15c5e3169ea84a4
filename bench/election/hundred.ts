import { join } from "node:path";
import process from "node:process";
import type { Profile } from "../../src/election/mod.ts";
import { createCluster } from "../../src/cluster/mod.ts";
import { tempFolder } from "../temp_folder.ts";

/** Many peers in one process. Times in ms, memory in bytes. */
export interface Crowd {
  readonly start: number;
  /** From the start of all to a tracker that all follow. */
  readonly elect: number;
  readonly failover: number;
  readonly memoryPerPeer: number;
}

/** Starts `peers` peers, lets them elect a tracker, and kills it once. */
export async function measureCrowd(peers: number, profile: Profile): Promise<Crowd> {
  await using folder = await tempFolder();
  const before = process.memoryUsage.rss();
  const begun = performance.now();
  await using cluster = await createCluster({ peers, profile, folder: join(folder.path, "run") });
  const started = performance.now();
  const { epoch } = await cluster.tracker({ timeout: 60_000 });
  const elected = performance.now();
  const memoryPerPeer = (process.memoryUsage.rss() - before) / peers;
  const next = cluster.tracker({ above: epoch, timeout: 60_000 });
  const killed = performance.now();
  await cluster.crash("tracker", "terminate", { hold: true });
  await next;
  return {
    start: started - begun,
    elect: elected - started,
    failover: performance.now() - killed,
    memoryPerPeer,
  };
}
