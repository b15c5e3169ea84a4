/**
 * Checks: what can be demanded of a run. Each is pure over what was observed.
 *
 * @module
 */
export type { Check } from "./check.ts";
export { CHECKS, judgeRun } from "./judge.ts";
export { INVARIANT_NAMES } from "./elections.ts";
export type * from "./observations.ts";
