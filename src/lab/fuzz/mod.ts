/**
 * Fuzzing: schedules drawn from seeds.
 *
 * @module
 */
export { type FuzzPlan, fuzzSchedule } from "./fuzz_schedule.ts";
