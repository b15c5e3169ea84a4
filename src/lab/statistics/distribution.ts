import { bootstrapMean, type Interval } from "./bootstrap.ts";
import { ENOUGH_FOR_P99, mean, quantile, sorted } from "./quantile.ts";

/** What is said of some samples; all in their unit. */
export interface Distribution {
  readonly n: number;
  readonly mean: number;
  /** 95 % bootstrap interval of the mean; undefined of fewer than two samples. */
  readonly ci?: Interval;
  readonly min: number;
  readonly p50: number;
  readonly p90: number;
  /** Only of 500 samples and more: fewer say nothing about one in a hundred. */
  readonly p99?: number;
  readonly max: number;
}

/** Undefined of no samples. */
export function distributionOf(samples: readonly number[], key?: string): Distribution | undefined {
  if (samples.length === 0) return undefined;
  const ascending = sorted(samples);
  const ci = bootstrapMean(samples, key === undefined ? {} : { key });
  const n = ascending.length;
  return {
    n,
    mean: mean(ascending),
    ...(ci && { ci }),
    min: ascending[0]!,
    p50: quantile(ascending, 0.5),
    p90: quantile(ascending, 0.9),
    ...(n >= ENOUGH_FOR_P99 && { p99: quantile(ascending, 0.99) }),
    max: ascending[n - 1]!,
  };
}
