// One thread of a fuzz: runs the schedule of a seed.
import { serveJobs } from "../jobs/mod.ts";
import { type RunResult, runSchedule } from "../run/mod.ts";
import { type FuzzPlan, fuzzSchedule } from "./fuzz_schedule.ts";

/** A seed to be run. */
export interface FuzzTask {
  readonly seed: string;
  readonly plan: FuzzPlan;
}

serveJobs<FuzzTask, RunResult>(({ seed, plan }) =>
  runSchedule(fuzzSchedule(seed, plan), { seed, mode: "sim" })
);
