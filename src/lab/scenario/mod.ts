/**
 * Scenarios: what is done to a cluster, and what is demanded of it.
 *
 * @module
 */
export type * from "./schedule.ts";
export {
  parseScenario,
  type ReadOptions,
  type ReadScenario,
  readScenario,
} from "./read_scenario.ts";
export { type Problem, problemLines, ScenarioError } from "./problem.ts";
export { toSchedule } from "./to_schedule.ts";
export type { ScenarioFile } from "./scenario_file.ts";
export { toFile } from "./to_file.ts";
export { type WriteOptions, writeYaml } from "./write_yaml.ts";
