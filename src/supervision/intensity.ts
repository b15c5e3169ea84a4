/** The moments of the restarts that still count, oldest first; milliseconds on a monotonic clock. */
export type Restarts = readonly number[];

/**
 * `restarts` with one more at `now`, without those that no longer count (§3.6). A restart counts for exactly
 * `periodMs` milliseconds, both ends included; OTP, which counts in whole seconds, is up to a second longer.
 */
export function addRestart(restarts: Restarts, now: number, periodMs: number): Restarts {
  return [...restarts.filter((at) => counts(at, now, periodMs)), now];
}

function counts(at: number, now: number, periodMs: number): boolean {
  return at >= now - periodMs;
}

/** Whether that is more than `intensity` restarts. So 0 tolerates none, and the supervisor ends at the first (T3, T4). */
export function exceeds(restarts: Restarts, intensity: number): boolean {
  return restarts.length > intensity;
}
