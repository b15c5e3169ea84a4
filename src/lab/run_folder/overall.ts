import { judgeStatistic } from "../checks/statistic.ts";
import { nameOf } from "../checks/judge.ts";
import type { CheckResult, RunResult, Verdict } from "../run/mod.ts";
import type { Schedule } from "../scenario/mod.ts";
import { verdictOf } from "../statistics/mod.ts";

/**
 * The schedule of one run of many: thresholds are for all runs together, since a 95th percentile is no matter of one failover.
 */
export function perRun(schedule: Schedule, runs: number): Schedule {
  if (runs === 1) return schedule;
  return { ...schedule, checks: schedule.checks.filter(({ check }) => check !== "stat") };
}

/** The thresholds of a schedule over all its runs; none of a single one, which has judged them itself. */
export function thresholdsOf(schedule: Schedule, results: readonly RunResult[]): CheckResult[] {
  if (results.length <= 1) return [];
  return schedule.checks.filter(({ check }) => check === "stat").map((planned) => ({
    check: nameOf(planned),
    ...judgeStatistic(results, planned),
  }));
}

/**
 * What all runs come to. A scenario that is there to show a failure passes when some run shows it, and nothing else fails; runs that were
 * cut short decide nothing unless one failed.
 */
export function overallVerdict(
  { fails }: Schedule,
  results: readonly RunResult[],
  thresholds: readonly CheckResult[],
  planned: number,
): Verdict {
  if (fails !== undefined) {
    const failures = results.flatMap(({ checks }) => checks).filter(({ verdict }) =>
      verdict === "fail"
    );
    if (failures.some(({ check }) => check !== fails)) return "fail";
    return failures.length > 0 ? "pass" : "inconclusive";
  }
  if ([...results, ...thresholds].some(({ verdict }) => verdict === "fail")) return "fail";
  if (results.length < planned || thresholds.some(({ verdict }) => verdict === "inconclusive")) {
    return "inconclusive";
  }
  return verdictOf(results);
}
