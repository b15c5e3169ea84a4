/** Milliseconds between beats that were seen, oldest first. Never empty. */
export type BeatHistory = readonly number[];

/** How sure of a death one must be, and how long every silence may be besides. */
export interface PhiOptions {
  /** Suspicion begins at this phi. 8: one silence in 10^8 as long as this is no death. */
  readonly threshold: number;
  /** Milliseconds that a thread may be silent on top of what it usually is. */
  readonly acceptablePauseMs: number;
}

/** Beats that are remembered: 50 s of them at the usual pace. */
const REMEMBERED = 200;

/** Milliseconds. The beats of an idle machine hardly vary; without this, the first late one would be a death. */
const LEAST_DEVIATION = 25;

/** The history before anything was seen: two beats that make `expectedMs` the mean, and a quarter of it the deviation. */
export function firstHistory(expectedMs: number): BeatHistory {
  return [expectedMs * 0.75, expectedMs * 1.25];
}

/** `history` with one more interval; the oldest of too many are forgotten. */
export function recordInterval(history: BeatHistory, intervalMs: number): BeatHistory {
  return [...history.slice(1 - REMEMBERED), intervalMs];
}

/**
 * How unlikely a silence of `silentMs` is while the thread lives, as the negative decimal logarithm of the probability:
 * 1 for one in ten, 8 for one in 10^8. Follows Pekko's `PhiAccrualFailureDetector` (reference `actors.md` §3.12).
 *
 * @example
 * ```ts
 * const history = recordInterval(firstHistory(250), 251);
 * phi(history, 1_700, 1_000) > 8; // true
 * ```
 */
export function phi(history: BeatHistory, silentMs: number, acceptablePauseMs: number): number {
  const { mean, deviation } = spread(history);
  return phiOf((silentMs - mean - acceptablePauseMs) / deviation);
}

/** Milliseconds of silence after which suspicion begins. */
export function suspectAfter(history: BeatHistory, options: PhiOptions): number {
  const { mean, deviation } = spread(history);
  return mean + options.acceptablePauseMs + deviation * deviationsAt(options.threshold);
}

function spread(history: BeatHistory): { readonly mean: number; readonly deviation: number } {
  const mean = history.reduce((sum, interval) => sum + interval, 0) / history.length;
  const squares = history.reduce((sum, interval) => sum + (interval - mean) ** 2, 0);
  return { mean, deviation: Math.max(LEAST_DEVIATION, Math.sqrt(squares / history.length)) };
}

/**
 * Phi of a silence that is `y` deviations longer than the mean: -log10(e / (1 + e)) with e = exp(-y (1.5976 + 0.070566 y²)),
 * an approximation of the normal distribution's tail. Written so that neither end overflows.
 */
function phiOf(y: number): number {
  const x = y * (1.5976 + 0.070566 * y * y);
  const natural = x > 0 ? x + Math.log1p(Math.exp(-x)) : Math.log1p(Math.exp(x));
  return natural / Math.LN10;
}

/** The `y` at which {@linkcode phiOf} reaches `threshold`: it only grows, so halving finds it. */
function deviationsAt(threshold: number): number {
  let [low, high] = [-50, 50];
  while (high < 1e9 && phiOf(high) < threshold) high *= 2;
  for (let step = 0; step < 80; step++) {
    const middle = (low + high) / 2;
    if (phiOf(middle) < threshold) low = middle;
    else high = middle;
  }
  return high;
}
