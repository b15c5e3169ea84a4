/** Steps of a millisecond. */
const STEPS = 1_024;

/**
 * The first time of the grid after `time`. Faults happen on this grid: its times are sums and differences of exact binary fractions, so
 * what happened at `t` ms after the start happens at exactly the same time when it is replayed, and at no time of anything else.
 */
export function nextOnGrid(time: number): number {
  return (Math.floor(time * STEPS) + 1) / STEPS;
}

/** The time of the grid that is nearest to `time`. */
export function onGrid(time: number): number {
  return Math.round(time * STEPS) / STEPS;
}
