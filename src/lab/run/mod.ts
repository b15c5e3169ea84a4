/**
 * Runs: a schedule carried out once with one seed, and what came of it.
 *
 * @module
 */
export type * from "./run_result.ts";
