import { InvalidOptionError } from "../../actor/mod.ts";
import type { RunResult, Verdict } from "../run/mod.ts";
import type { ClusterPlan } from "../scenario/schedule.ts";
import { distributionOf } from "./distribution.ts";
import { failoverFloor } from "./floor.ts";
import { FAILOVER_PARTS, metricOf } from "./metrics.ts";
import { notesOn } from "./notes.ts";
import { mean } from "./quantile.ts";
import type { CheckSummary, Summary } from "./summary.ts";

const HOUR = 3_600_000;

/**
 * Sums up runs of one schedule; the same results give the same summary.
 *
 * @param cluster what they ran on, for the floor of a failover
 * @throws InvalidOptionError of no results
 *
 * @example
 * ```ts
 * const summary = summarise(results, schedule.cluster);
 * summary.failover.all?.mean; // 162.3
 * ```
 */
export function summarise(results: readonly RunResult[], cluster?: ClusterPlan): Summary {
  const [first] = results;
  if (first === undefined) throw new InvalidOptionError("results", results, "at least one run");
  const failovers = results.flatMap(({ stats }) => stats.failovers);
  const all = (name: string): number[] =>
    results.flatMap((result) => [...metricOf(name).samples(result)]);
  const sum = (name: string): number => all(name).reduce((total, one) => total + one, 0);
  const ms = results.reduce((total, result) => total + result.ms, 0);
  const lags = all("lag");
  const unavailable = distributionOf(all("unavailable"), "unavailable");
  const failed = results.filter(({ verdict }) => verdict === "fail").map(({ seed }) => seed);
  const worst = failed[0] ?? slowest(results);
  const floor = cluster && failoverFloor(cluster);
  const wins = all("failover.win");
  return {
    v: 1,
    name: first.name,
    mode: first.mode,
    verdict: verdictOf(results),
    runs: { all: results.length, ...verdicts(results) },
    failed,
    ...(worst !== undefined && { worst }),
    checks: checksOf(results),
    failover: Object.fromEntries(
      failovers.length === 0 ? [] : FAILOVER_PARTS.map((part) => {
        const name = `failover.${part}`;
        return [part, distributionOf(all(name), name)!];
      }),
    ),
    ...(floor !== undefined && {
      floor: { ms: floor, ...(wins.length > 0 && { ratio: mean(wins) / floor }) },
    }),
    ...(failovers.length > 0 && {
      splitRate: mean(all("split")),
      epochs: mean(all("failover.epochs")),
    }),
    spurious: { count: sum("spurious"), perHour: ms > 0 ? sum("spurious") / ms * HOUR : 0 },
    messages: messagesByKind(results),
    ...(unavailable && { unavailable }),
    downloads: {
      done: sum("downloads"),
      failed: sum("downloads.failed"),
      bytes: sum("bytes"),
    },
    ...(lags.length > 0 && { lag: Math.max(...lags) }),
    ms,
    tookMs: results.reduce((total, { tookMs }) => total + tookMs, 0),
    notes: notesOn(results, cluster),
  };
}

/** What several verdicts come to: one failure is enough, and what decided nothing hides none that did. */
export function verdictOf(results: readonly { readonly verdict: Verdict }[]): Verdict {
  if (results.some(({ verdict }) => verdict === "fail")) return "fail";
  return results.some(({ verdict }) => verdict === "pass") ? "pass" : "inconclusive";
}

function verdicts(results: readonly { readonly verdict: Verdict }[]): Record<Verdict, number> {
  const counts = { pass: 0, fail: 0, inconclusive: 0 };
  for (const { verdict } of results) counts[verdict]++;
  return counts;
}

function slowest(results: readonly RunResult[]): string | undefined {
  let worst: { readonly seed: string; readonly all: number } | undefined;
  for (const { seed, stats } of results) {
    for (const { all } of stats.failovers) if (all > (worst?.all ?? -1)) worst = { seed, all };
  }
  return worst?.seed;
}

function checksOf(results: readonly RunResult[]): CheckSummary[] {
  const names = new Set(results.flatMap(({ checks }) => checks.map(({ check }) => check)));
  return [...names].map((name) => {
    const of = results.flatMap(({ seed, checks }) =>
      checks.filter(({ check }) => check === name).map((check) => ({ ...check, seed }))
    );
    const firstFailure = of.find(({ verdict }) => verdict === "fail");
    return { check: name, ...verdicts(of), ...(firstFailure && { firstFailure }) };
  });
}

function messagesByKind(results: readonly RunResult[]): Record<string, number> {
  const sums: Record<string, number> = {};
  for (const { stats } of results) {
    for (const [kind, count] of Object.entries(stats.messages)) {
      sums[kind] = (sums[kind] ?? 0) + count;
    }
  }
  return sums;
}
