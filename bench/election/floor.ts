import type { Timers } from "../../src/election/mod.ts";
import type { Platform } from "./platform.ts";

/**
 * The mean wait if nothing takes any time but what the machine takes (reference `election.md` §2.2), in ms: the first of `survivors`
 * time-outs runs off, counted from a heartbeat that is half an interval old on average; then a round of pre-votes, one of votes, and a
 * durable write before a vote is given.
 */
export function floorOf(
  { heartbeat, timeoutMin, timeoutMax }: Timers,
  survivors: number,
  { oneWay, write }: Platform,
): number {
  const detect = timeoutMin + (timeoutMax - timeoutMin) / (survivors + 1) - heartbeat / 2;
  return detect + 4 * oneWay + write;
}
