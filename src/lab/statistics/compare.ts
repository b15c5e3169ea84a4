import { InvalidOptionError } from "../../actor/mod.ts";
import type { RunResult } from "../run/mod.ts";
import { bootstrap, type Interval } from "./bootstrap.ts";
import { type Distribution, distributionOf } from "./distribution.ts";
import { metricOf } from "./metrics.ts";
import { mean } from "./quantile.ts";

/** How two sets of runs are compared. */
export interface CompareOptions {
  /** Default `failover`. */
  readonly metric?: string;
  /** Above 0 and below 1; default 0.95. */
  readonly confidence?: number;
}

/** How B differs from A in one metric. */
export interface Comparison {
  readonly v: 1;
  readonly metric: string;
  readonly unit: string;
  readonly confidence: number;
  readonly a: Distribution;
  readonly b: Distribution;
  /** Whether runs of the same seeds were compared one by one, which leaves less to chance; and how many. */
  readonly paired: boolean;
  readonly pairs: number;
  /** Mean of B less mean of A; of pairs, the mean of their differences. */
  readonly difference: number;
  /** Of the difference; undefined of fewer than two samples. */
  readonly ci?: Interval;
  /** Whether `ci` leaves no difference out of the question. */
  readonly same: boolean;
  /** One sentence: which was smaller, how much, and whether that may be chance. */
  readonly says: string;
}

/**
 * Compares two sets of runs. Seeds that both have are compared in pairs, each by the mean of its samples, since what a seed draws is
 * then the same on both sides; without two such seeds all samples are compared.
 *
 * @throws InvalidOptionError of a metric that there is not, or that one of them has no sample of
 */
export function compare(
  a: readonly RunResult[],
  b: readonly RunResult[],
  { metric: name = "failover", confidence = 0.95 }: CompareOptions = {},
): Comparison {
  if (!(confidence > 0 && confidence < 1)) {
    throw new InvalidOptionError("confidence", confidence, "a number above 0 and below 1");
  }
  const metric = metricOf(name);
  const of = (results: readonly RunResult[]): number[] =>
    results.flatMap((result) => [...metric.samples(result)]);
  const [all, others] = [distributionOf(of(a), "a"), distributionOf(of(b), "b")];
  if (all === undefined || others === undefined) {
    const where = all === undefined ? "the first" : "the second";
    throw new InvalidOptionError("metric", name, `one that ${where} has samples of`);
  }
  const pairs = pairsOf(a, b, (result) => metric.samples(result));
  const paired = pairs.length >= 2;
  const difference = paired ? mean(pairs) : others.mean - all.mean;
  const ci = paired
    ? bootstrap(pairs, mean, { confidence, key: "pairs" })
    : unpaired(of(a), of(b), confidence);
  const same = ci === undefined || (ci[0] <= 0 && ci[1] >= 0);
  return {
    v: 1,
    metric: name,
    unit: metric.unit,
    confidence,
    a: all,
    b: others,
    paired,
    pairs: pairs.length,
    difference,
    ...(ci && { ci }),
    same,
    says: sentence(name, metric.unit, all.mean, others.mean, same),
  };
}

/** B less A, per seed that both have. */
function pairsOf(
  a: readonly RunResult[],
  b: readonly RunResult[],
  samples: (result: RunResult) => readonly number[],
): number[] {
  const bySeed = new Map(b.map((result) => [result.seed, samples(result)]));
  return a.flatMap((result) => {
    const mine = samples(result);
    const theirs = bySeed.get(result.seed) ?? [];
    return mine.length === 0 || theirs.length === 0 ? [] : [mean(theirs) - mean(mine)];
  });
}

/** Both sides are drawn anew, each for itself: the first `a.length` of a resample's places stand for A's. */
function unpaired(
  a: readonly number[],
  b: readonly number[],
  confidence: number,
): Interval | undefined {
  if (a.length < 2 || b.length < 2) return undefined;
  const [ofA, ofB] = [bootstrapMeans(a, "a"), bootstrapMeans(b, "b")];
  const differences = ofB.map((one, i) => one - ofA[i]!).sort((x, y) => x - y);
  const at = (p: number): number => differences[Math.round(p * (differences.length - 1))]!;
  return [at((1 - confidence) / 2), at((1 + confidence) / 2)];
}

function bootstrapMeans(samples: readonly number[], key: string): number[] {
  const means: number[] = [];
  bootstrap(samples, (resample) => {
    const one = mean(resample);
    means.push(one);
    return one;
  }, { key });
  return means;
}

function sentence(metric: string, unit: string, a: number, b: number, same: boolean): string {
  const chance = same ? "; this may be chance" : "";
  const [less, more, name] = a <= b ? [a, b, "A"] : [b, a, "B"];
  if (less === more) return `Both have the same mean ${metric}.`;
  if (less <= 0) return `${name} had less ${metric}, ${less} and ${round(more)} ${unit}${chance}.`;
  const word = unit === "ms" ? "faster" : "lower";
  return `${metric}: ${name} was ${(more / less).toFixed(2)} x ${word}${chance}.`;
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
