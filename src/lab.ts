/**
 * The laboratory: scenarios of faults on threads and in simulation, verdicts, replay.
 *
 * @module
 */
export * from "./lab/code/mod.ts";
export * from "./lab/run/mod.ts";
export * from "./lab/scenario/mod.ts";
export {
  compare,
  type CompareOptions,
  type Comparison,
  type Distribution,
  summarise,
  type Summary,
} from "./lab/statistics/mod.ts";
export {
  type Culprit,
  culpritOf,
  shrink,
  type ShrinkOptions,
  type ShrinkProgress,
  type Shrunk,
} from "./lab/shrink/mod.ts";
export {
  fuzz,
  type FuzzOptions,
  type FuzzPlan,
  type FuzzReport,
  fuzzSchedule,
} from "./lab/fuzz/mod.ts";
export { type Mutant, MUTANTS } from "./lab/mutants/mod.ts";
