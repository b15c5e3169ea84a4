import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import type { SystemEvent } from "../../src/actor.ts";
import type { Cluster, ClusterOptions } from "../../src/cluster/mod.ts";
import { createCluster } from "../../src/cluster/mod.ts";
import { type Profile, PROFILES } from "../../src/election/mod.ts";
import { LagProbe } from "../lag_probe.ts";
import { quantile } from "../statistics.ts";
import { tempFolder } from "../temp_folder.ts";
import type { Anatomy } from "./anatomy.ts";
import { anatomyOf } from "./anatomy.ts";
import { Strangers } from "./strangers.ts";

/** Milliseconds that one election may take. */
const PATIENCE = 20_000;

/** Milliseconds in which a peer that was started again has compiled its code and told its files: elections start at rest. */
const REST = 250;

/** What is measured. */
export interface FailoverCase {
  readonly peers: number;
  readonly profile: Profile;
  readonly kills: number;
  /** The end of the tracker's thread is reported to the others. */
  readonly assisted?: boolean;
}

/** One election, and the share of the machine that others had meanwhile. */
export interface Failover extends Anatomy {
  readonly strangers: number;
}

/** What was measured. */
export interface Failovers {
  readonly elections: readonly Failover[];
  /** How late the timers of the main thread were, ms, 99 of 100 below: what the machine adds. */
  readonly lag: number;
}

/** Kills the tracker's thread again and again, at any phase of its heartbeats. */
export async function measureFailover(wanted: FailoverCase): Promise<Failovers> {
  const { peers, profile, kills, assisted = false } = wanted;
  await using folder = await tempFolder();
  const options: ClusterOptions = { peers, profile, downDetector: assisted };
  await using cluster = await createCluster({ ...options, folder: join(folder.path, "run") });
  await cluster.tracker({ timeout: PATIENCE });
  const lag = new LagProbe();
  const elections: Failover[] = [];
  while (elections.length < kills) elections.push(await kill(cluster, profile, peers - 1));
  return { elections, lag: quantile(lag.stop(), 0.99) };
}

async function kill(cluster: Cluster, profile: Profile, survivors: number): Promise<Failover> {
  const strangers = new Strangers();
  const { heartbeat, timeoutMax } = PROFILES[profile];
  await setTimeout(Math.max(timeoutMax, REST) + Math.random() * heartbeat);
  const { epoch } = await cluster.tracker({ timeout: PATIENCE });
  const events: SystemEvent[] = [];
  const listening = cluster.on("*", (event) => void events.push(event));
  const victim = await cluster.crash("tracker", "terminate", { hold: true });
  await cluster.tracker({ above: epoch, timeout: PATIENCE });
  const end = performance.now() + PATIENCE;
  let anatomy = anatomyOf(events, epoch, survivors);
  // The names may come after the agreement.
  while (anatomy === undefined && performance.now() < end) {
    await setTimeout(1);
    anatomy = anatomyOf(events, epoch, survivors);
  }
  listening[Symbol.dispose]();
  if (anatomy === undefined) throw new Error(`The election after epoch ${epoch} was not over`);
  const failover = { ...anatomy, strangers: strangers.share() };
  await cluster.restart(victim);
  return failover;
}
