import type { Timers } from "../../src/election/mod.ts";

/** Milliseconds that a message takes to a thread that sleeps; half of a sequential round trip. */
export const ONE_WAY = 0.05;

/**
 * The mean wait if nothing takes any time (reference `election.md` §2.2), in ms: the first of `survivors` time-outs runs off,
 * counted from a heartbeat that is half an interval old on average, then a round of pre-votes and one of votes.
 */
export function floorOf({ heartbeat, timeoutMin, timeoutMax }: Timers, survivors: number): number {
  return timeoutMin + (timeoutMax - timeoutMin) / (survivors + 1) - heartbeat / 2 + 4 * ONE_WAY;
}
