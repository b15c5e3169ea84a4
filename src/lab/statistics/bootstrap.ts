import { Draws } from "../../runtime/simulation/draws.ts";
import { mean, quantile } from "./quantile.ts";

/** From, to. */
export type Interval = readonly [low: number, high: number];

/** How a bootstrap is done. */
export interface BootstrapOptions {
  /** Part of the resamples that lie in the interval, above 0 and below 1; default 0.95. */
  readonly confidence?: number;
  /** Default 2000. */
  readonly resamples?: number;
  /** Names the draws: the same samples with the same key give the same interval. Default `bootstrap`. */
  readonly key?: string;
}

const CONFIDENCE = 0.95;
const RESAMPLES = 2_000;

/**
 * Where the mean of what `samples` were drawn from lies, by drawing from them again and again (percentile bootstrap). Assumes no
 * shape of the distribution. Undefined of fewer than two samples.
 *
 * @example
 * ```ts
 * bootstrapMean([151, 160, 148, 170]); // [149.5, 166.25], say
 * ```
 */
export function bootstrapMean(
  samples: readonly number[],
  options: BootstrapOptions = {},
): Interval | undefined {
  return bootstrap(samples, mean, options);
}

/** The same for any statistic of the samples. */
export function bootstrap(
  samples: readonly number[],
  statistic: (resample: ArrayLike<number>) => number,
  { confidence = CONFIDENCE, resamples = RESAMPLES, key = "bootstrap" }: BootstrapOptions = {},
): Interval | undefined {
  const n = samples.length;
  if (n < 2) return undefined;
  const draws = new Draws(key);
  const resample = new Float64Array(n);
  const found = new Float64Array(resamples);
  for (let round = 0; round < resamples; round++) {
    for (let i = 0; i < n; i++) resample[i] = samples[Math.floor(draws.at(round * n + i, 0) * n)]!;
    found[round] = statistic(resample);
  }
  found.sort();
  const tail = (1 - confidence) / 2;
  return [quantile(found, tail), quantile(found, 1 - tail)];
}
