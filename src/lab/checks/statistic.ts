import type { CheckResult, RunResult } from "../run/run_result.ts";
import type { PlannedCheck } from "../scenario/schedule.ts";
import { statOf } from "../statistics/mod.ts";
import type { Check } from "./check.ts";

/** A threshold on a statistic of one run. */
export const statistic: Check = {
  name: "stat",
  says: "a statistic keeps its threshold",
  judge: ({ stats }, planned) => judgeStatistic([{ stats } as RunResult], planned),
};

/**
 * Whether a statistic of several runs, all samples together, keeps its threshold.
 *
 * @throws InvalidOptionError if there is no such statistic
 */
export function judgeStatistic(
  results: readonly RunResult[],
  { stat = "", op = "<", limit = 0 }: PlannedCheck,
): Omit<CheckResult, "check"> {
  const { metric, of } = statOf(stat);
  const samples = results.flatMap((result) => [...metric.samples(result)]);
  const measured = of(samples);
  if (samples.length === 0 && !(measured >= 0)) {
    return { verdict: "inconclusive", message: `${stat}: no sample`, limit };
  }
  const holds = compare(measured, op, limit);
  return {
    verdict: holds ? "pass" : "fail",
    message: `${stat} is ${Math.round(measured * 10) / 10}, n ${samples.length}`,
    measured,
    limit,
    ...(!holds && { culprit: stat }),
  };
}

function compare(value: number, op: NonNullable<PlannedCheck["op"]>, limit: number): boolean {
  switch (op) {
    case "<":
      return value < limit;
    case "<=":
      return value <= limit;
    case ">":
      return value > limit;
    case ">=":
      return value >= limit;
    case "==":
      return value === limit;
  }
}
