/**
 * The folders that runs are kept in: `.troupe/runs/<time>-<name>/`.
 *
 * @module
 */
export { FILES, RUNS, type VerdictFile } from "./layout.ts";
export { findRun, listRuns, RunFolder, RunNotFoundError } from "./read.ts";
export { type EventSink, RunFolderWriter } from "./write.ts";
export { type Outcome, runInto, type RunIntoOptions } from "./run_into.ts";
