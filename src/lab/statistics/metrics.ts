import { InvalidOptionError } from "../../actor/mod.ts";
import type { RunResult } from "../run/mod.ts";
import { mean, quantile, sorted } from "./quantile.ts";

/** Something measured in a run: no, one or many samples. */
export interface Metric {
  readonly name: string;
  readonly unit: "ms" | "count" | "bytes" | "part";
  readonly says: string;
  samples(result: RunResult): readonly number[];
}

/** A part of a failover, or all of it until somebody won (`win`), or all followed (`all`). */
export type FailoverPart = "detect" | "prevote" | "vote" | "register" | "adopt" | "win" | "all";

/** Every {@linkcode FailoverPart}: first the parts in the order that they pass. */
export const FAILOVER_PARTS: readonly FailoverPart[] = [
  "detect",
  "prevote",
  "vote",
  "register",
  "adopt",
  "win",
  "all",
];

const SAYS: Readonly<Record<FailoverPart, string>> = {
  detect: "from the loss of a tracker until the first peer gave it up",
  prevote: "from then until the winner's epoch rose",
  vote: "from then until it won",
  register: "from then until it had its name",
  adopt: "from then until all followed it",
  win: "from the loss of a tracker until the next one won",
  all: "from the loss of a tracker until all agreed on the next one",
};

const ofRun = (
  name: string,
  unit: Metric["unit"],
  says: string,
  value: (result: RunResult) => number | undefined,
): Metric => ({
  name,
  unit,
  says,
  samples(result) {
    const sample = value(result);
    return sample === undefined ? [] : [sample];
  },
});

/** Everything that can be summed up, compared and asked of a scenario. */
export const METRICS: readonly Metric[] = [
  {
    name: "failover",
    unit: "ms",
    says: SAYS.all,
    samples: ({ stats }) => stats.failovers.map(({ all }) => all),
  },
  ...FAILOVER_PARTS.map((part): Metric => ({
    name: `failover.${part}`,
    unit: "ms",
    says: SAYS[part],
    samples: ({ stats }) => stats.failovers.map((failover) => failover[part]),
  })),
  {
    name: "failover.epochs",
    unit: "count",
    says: "epochs that a failover took",
    samples: ({ stats }) => stats.failovers.map(({ epochs }) => epochs),
  },
  {
    name: "split",
    unit: "part",
    says: "failovers in which a candidacy ended without a winner",
    samples: ({ stats }) => stats.failovers.map(({ split }) => split ? 1 : 0),
  },
  ofRun("unavailable", "ms", "without a serving tracker", ({ stats }) => stats.unavailable),
  ofRun("spurious", "count", "elections that no fault called for", ({ stats }) => stats.spurious),
  ofRun("epochs", "count", "epochs of a run", ({ stats }) => stats.epochs),
  ofRun("messages", "count", "messages between peers", messagesOf),
  ofRun("downloads", "count", "downloads that were finished", ({ stats }) => stats.downloads.done),
  ofRun(
    "downloads.failed",
    "count",
    "downloads that failed",
    ({ stats }) => stats.downloads.failed,
  ),
  ofRun("bytes", "bytes", "bytes downloaded", ({ stats }) => stats.downloads.bytes),
  ofRun("lag", "ms", "by which the worst event loop was late", ({ stats }) => stats.lag),
];

/** All kinds together. */
export function messagesOf({ stats }: RunResult): number {
  return Object.values(stats.messages).reduce((sum, count) => sum + count, 0);
}

/** What of a metric's samples is asked for. */
const ASPECTS: Readonly<Record<string, (samples: readonly number[]) => number>> = {
  mean,
  min: (samples) => quantile(sorted(samples), 0),
  max: (samples) => quantile(sorted(samples), 1),
  sum: (samples) => samples.reduce((sum, sample) => sum + sample, 0),
  n: (samples) => samples.length,
};

/** @throws InvalidOptionError naming the metrics that there are */
export function metricOf(name: string): Metric {
  const metric = METRICS.find((one) => one.name === name);
  if (metric !== undefined) return metric;
  throw new InvalidOptionError(
    "metric",
    name,
    `one of ${METRICS.map((one) => one.name).join(", ")}`,
  );
}

/** A statistic of a metric, by a name such as `failover.p99`, `failover.win.mean` or `spurious`. */
export interface Stat {
  readonly name: string;
  readonly metric: Metric;
  /** NaN of no samples, but for `sum` and `n`. */
  of(samples: readonly number[]): number;
}

/**
 * What `name` stands for: a metric, and `mean`, `min`, `max`, `sum`, `n` or a percentile (`p50`, `p99.9`) of it; `max` if neither is said.
 *
 * @throws InvalidOptionError naming what there is
 *
 * @example
 * ```ts
 * const { metric, of } = statOf("failover.p99");
 * of(results.flatMap((result) => metric.samples(result)));
 * ```
 */
export function statOf(name: string): Stat {
  const whole = METRICS.find((metric) => metric.name === name);
  if (whole !== undefined) return { name, metric: whole, of: ASPECTS["max"]! };
  const percentile = /^(.+)\.p(\d{1,2}(?:\.\d+)?)$/.exec(name);
  if (percentile !== null) {
    const part = Number(percentile[2]) / 100;
    return { name, metric: metricOf(percentile[1]!), of: (all) => quantile(sorted(all), part) };
  }
  const dot = name.lastIndexOf(".");
  const aspect = ASPECTS[name.slice(dot + 1)];
  if (dot > 0 && aspect !== undefined) {
    return { name, metric: metricOf(name.slice(0, dot)), of: aspect };
  }
  const metrics = METRICS.map((metric) => metric.name).join(", ");
  const expected = `one of ${metrics}, and of it mean, min, max, sum, n or a percentile as p99`;
  throw new InvalidOptionError("stat", name, expected);
}
