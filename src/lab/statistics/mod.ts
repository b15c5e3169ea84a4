/**
 * Statistics of runs: distributions with confidence intervals, summaries, comparisons. Pure, and the same for the same results.
 *
 * @module
 */
export { bootstrap, bootstrapMean, type BootstrapOptions, type Interval } from "./bootstrap.ts";
export { compare, type CompareOptions, type Comparison } from "./compare.ts";
export { type Distribution, distributionOf } from "./distribution.ts";
export { ecdf, type EcdfStep } from "./ecdf.ts";
export { failoverFloor } from "./floor.ts";
export { type KolmogorovSmirnov, kolmogorovSmirnov } from "./kolmogorov_smirnov.ts";
export {
  FAILOVER_PARTS,
  type FailoverPart,
  type Metric,
  metricOf,
  METRICS,
  type Stat,
  statOf,
} from "./metrics.ts";
export { ENOUGH_FOR_P99, mean, quantile, sorted } from "./quantile.ts";
export { summarise, verdictOf } from "./summarise.ts";
export type { CheckSummary, Summary } from "./summary.ts";
