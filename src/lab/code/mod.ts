/**
 * Scenarios written as programs.
 *
 * @module
 */
export {
  type CodeRun,
  type CodeScenario,
  isScenario,
  scenario,
  type ScenarioBody,
  type ScenarioOptions,
} from "./scenario.ts";
export { Controls, type FaultHandle } from "./controls.ts";
export type { PartitionControls, ShapeOptions } from "./partition_controls.ts";
export type { Duration, Happened, Within } from "./waits.ts";
export { DemandError, NeverHappenedError } from "./errors.ts";
export { Expectation } from "./expectation.ts";
export {
  isCode,
  type LoadedScenario,
  loadScenario,
  loadsTypeScript,
  NoScenarioError,
} from "./load_scenario.ts";
