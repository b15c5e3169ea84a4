import { PROFILES } from "../../election/mod.ts";
import type { ClusterPlan, Span } from "../scenario/schedule.ts";

/** Peers of a cluster that is not told how many. */
const PEERS = 5;
/** Ms that a message travels in simulation unless told. */
const LATENCY: Span = { min: 0.05, max: 0.5 };

/**
 * Ms that a failover takes at the least in the mean, where trackers are missed by their heartbeats: the first of the survivors'
 * timeouts, less half a heartbeat, and two rounds of questions. `Tmin + (Tmax - Tmin) / (s + 1) - h / 2 + 4 L` for `s` survivors (§2.2).
 *
 * @example
 * ```ts
 * failoverFloor({ peers: 5 }); // 156.1: 150 + 150 / 5 - 25 + 4 * 0.275
 * ```
 */
export function failoverFloor(cluster: ClusterPlan): number {
  const { peers = PEERS, voters = peers, profile = "default", timers, latency = LATENCY } = cluster;
  const { heartbeat, timeoutMin, timeoutMax } = { ...PROFILES[profile], ...timers };
  const oneWay = typeof latency === "number" ? latency : (latency.min + latency.max) / 2;
  return timeoutMin + (timeoutMax - timeoutMin) / Math.max(voters, 1) - heartbeat / 2 + 4 * oneWay;
}
