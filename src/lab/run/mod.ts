/**
 * Runs: a schedule carried out once with one seed, and what came of it.
 *
 * @module
 */
export type * from "./run_result.ts";
export { type RunOptions, runSchedule } from "./run_schedule.ts";
export { concretise } from "./concretise.ts";
export { failoversOf } from "./failovers.ts";
export { FaultError, RefusedFaultError } from "./errors.ts";
export { type ManyOptions, runMany } from "./run_many.ts";
