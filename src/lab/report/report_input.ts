import type { CheckResult, RunResult, TraceLine, Verdict } from "../run/mod.ts";
import type { Schedule } from "../scenario/mod.ts";

/** One run of which the report shows every event. */
export interface TracedRun {
  /** Why it is shown: `the worst run`, `the median run`. */
  readonly why: string;
  readonly result: RunResult;
  readonly lines: readonly TraceLine[];
}

/** All that a report is made of. */
export interface ReportInput {
  readonly schedule: Schedule;
  readonly results: readonly RunResult[];
  /** Of all runs together; of each alone unless given. */
  readonly verdict?: Verdict;
  /** Checks on all runs together. */
  readonly thresholds?: readonly CheckResult[];
  /** The first one is shown first. */
  readonly traced: readonly TracedRun[];
  /** What people type to see it again. */
  readonly commands: readonly string[];
  /** The scenario file as it was written, if there is one. */
  readonly source?: { readonly name: string; readonly text: string };
  /** Runtime, machine, version, time: as name and value. */
  readonly facts: Readonly<Record<string, string>>;
}
