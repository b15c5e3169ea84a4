/**
 * Fuzzing: schedules drawn from seeds, run until the time is up.
 *
 * @module
 */
export { fuzz, type FuzzOptions, type FuzzReport } from "./fuzz.ts";
export { type FuzzPlan, fuzzSchedule } from "./fuzz_schedule.ts";
