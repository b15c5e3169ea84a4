import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { createCluster } from "../../src/cluster/mod.ts";
import type { Profile } from "../../src/election/mod.ts";
import { tempFolder } from "../temp_folder.ts";

/** What happened while nothing happened. */
export interface Idle {
  /** Pre-votes: a peer missed its tracker. They change no epoch. */
  readonly preVotes: number;
  /** Trackers that won. */
  readonly elections: number;
  /** Times that a peer said that its event loop lags. */
  readonly lags: number;
}

/** Lets a cluster be for `seconds`, and counts the elections that nothing called for. */
export async function measureIdle(peers: number, profile: Profile, seconds: number): Promise<Idle> {
  await using folder = await tempFolder();
  await using cluster = await createCluster({ peers, profile, folder: join(folder.path, "run") });
  await cluster.tracker({ timeout: 20_000 });
  // Threads that have just started are still compiling.
  await setTimeout(1_000);
  const counts = { preVotes: 0, elections: 0, lags: 0 };
  cluster.on("election.prevote", () => counts.preVotes++);
  cluster.on("election.win", () => counts.elections++);
  cluster.on("election.lag", ({ data }) => {
    if (Number(data["ms"]) > 0) counts.lags++;
  });
  await setTimeout(seconds * 1_000);
  return { ...counts };
}
