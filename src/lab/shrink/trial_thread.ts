// One thread of a shrinking: does trials.
import { serveJobs } from "../jobs/mod.ts";
import { type Trial, type TrialResult, tryOut } from "./trial.ts";

serveJobs<Trial, TrialResult>((trial) => tryOut(trial));
