import type { CheckResult } from "../run/run_result.ts";
import type { PlannedCheck } from "../scenario/schedule.ts";
import type { Observations } from "./observations.ts";

/** Something that can be demanded of a run. */
export interface Check {
  /** As scenarios name it. */
  readonly name: string;
  /** What holds when it passes, one sentence. */
  readonly says: string;
  /** Whether it needs a time within which something must hold. */
  readonly timed?: boolean;
  judge(seen: Observations, planned: PlannedCheck): Omit<CheckResult, "check">;
}
