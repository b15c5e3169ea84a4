import type { CheckResult, Verdict } from "../run/run_result.ts";
import type { PlannedCheck } from "../scenario/schedule.ts";
import { agreed } from "./agreed.ts";
import { answered } from "./answered.ts";
import { catalogue } from "./catalogue.ts";
import type { Check } from "./check.ts";
import { downloads } from "./downloads.ts";
import { electionChecks } from "./elections.ts";
import { faultsFired } from "./faults_fired.ts";
import type { Observations } from "./observations.ts";
import { statistic } from "./statistic.ts";
import { supervision } from "./supervision.ts";

/** All checks, by name. */
export const CHECKS: ReadonlyMap<string, Check> = new Map(
  [...electionChecks, agreed, catalogue, downloads, answered, supervision, statistic].map((
    check,
  ) => [check.name, check]),
);

/** Judges a run: the checks that were asked for, and whether all that was planned happened. */
export function judgeRun(
  seen: Observations,
): { readonly verdict: Verdict; readonly checks: readonly CheckResult[] } {
  const checks = seen.schedule.checks.map((planned) => judge(seen, planned));
  checks.push({ check: faultsFired.name, ...faultsFired.judge(seen, { check: faultsFired.name }) });
  const has = (verdict: Verdict): boolean => checks.some((check) => check.verdict === verdict);
  return { verdict: has("fail") ? "fail" : has("inconclusive") ? "inconclusive" : "pass", checks };
}

function judge(seen: Observations, planned: PlannedCheck): CheckResult {
  const check = CHECKS.get(planned.check);
  if (check === undefined) {
    const message = `there is no check of this name; there are ${[...CHECKS.keys()].join(", ")}`;
    return { check: planned.check, verdict: "inconclusive", message };
  }
  return { check: nameOf(planned), ...check.judge(seen, planned) };
}

/** A check with its threshold, as `failover.p99 < 500`. */
export function nameOf({ check, stat, op, limit }: PlannedCheck): string {
  return check === "stat" ? `${stat} ${op} ${limit}` : check;
}
