import type { CheckResult, RunResult } from "../run/mod.ts";

/** What of a failed run has to stay the same while it is shrunk. */
export interface Culprit {
  /** The check that failed. */
  readonly check: string;
  /** The invariant that broke; the check itself where it names none. */
  readonly id: string;
}

/** What failed first in `result`; undefined if nothing did. */
export function culpritOf(result: RunResult): Culprit | undefined {
  const failed = result.checks.find(({ verdict }) => verdict === "fail");
  return failed && { check: failed.check, id: idOf(failed) };
}

/** Whether `result` shows `culprit`. */
export function shows(result: RunResult, culprit: Culprit): boolean {
  return result.checks.some((check) =>
    check.verdict === "fail" && check.check === culprit.check && idOf(check) === culprit.id
  );
}

function idOf({ check, culprit }: CheckResult): string {
  return culprit ?? check;
}
