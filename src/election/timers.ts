import type { Config } from "./config.ts";
import type { Settings } from "./options.ts";

/** Draws from [0, 1). */
export type Rnd = () => number;

/** The longest that {@linkcode lagBonus} stretches a timeout, in `timeoutMax`. */
const LAG_CAP = 4;
const BACKOFF = 1.5;
const BACKOFF_CAP = 4;

/** How long a follower waits for its tracker, ms: U[timeoutMin, timeoutMax] (§1.4 "Timers"). */
export function followerDelay({ timeoutMin, timeoutMax }: Settings, rnd: Rnd): number {
  return uniform(timeoutMin, timeoutMax, rnd);
}

/**
 * How long a round of votes lasts before the next, ms: U[timeoutMin / 2, 0.75 * timeoutMax], which is smaller than a
 * follower's wait so that candidates separate, times 1.5 per round in vain, at most times 4 (§1.4 "Timers").
 */
export function roundDelay({ timeoutMin, timeoutMax }: Settings, fails: number, rnd: Rnd): number {
  const factor = Math.min(BACKOFF ** fails, BACKOFF_CAP);
  return uniform(timeoutMin / 2, 0.75 * timeoutMax, rnd) * factor;
}

/**
 * The wait of a peer that never ran, ms: short, since there is no tracker to disturb (§1.6 "Bootstrap"). Longer for the crowd
 * of a large electorate, that few may ask before the first has won.
 */
export function bootstrapDelay(
  { timeoutMin }: Settings,
  { voters }: Config,
  rnd: Rnd,
): number {
  const crowd = Math.max(0.4, voters.length / 50);
  return timeoutMin / 10 + uniform(0, crowd * timeoutMin, rnd);
}

/**
 * The wait after a tracker resigned or died, ms: only sets the successors apart (row 26). All hear of it at once, so the range
 * grows with their number: the first of them asks after about `timeoutMin / 150`, and the second as much later.
 */
export function successionDelay(
  { timeoutMin }: Settings,
  { voters }: Config,
  rnd: Rnd,
): number {
  return uniform(0, Math.min(voters.length / 150, 1) * timeoutMin, rnd);
}

/** What a lag of the host adds to a follower's wait, ms (§2.1, Lifeguard). */
export function lagBonus({ timeoutMax }: Settings, lag: number): number {
  return Math.min(Math.max(lag, 0), LAG_CAP * timeoutMax);
}

function uniform(from: number, to: number, rnd: Rnd): number {
  return from + rnd() * (to - from);
}
