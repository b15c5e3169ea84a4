/**
 * The same actors under virtual time, in one thread. See docs/simulation.md.
 *
 * @module
 */
export { everySeed, SeedFailedError, simulate } from "./simulate.ts";
export type { TestWorld } from "./simulate.ts";
export { createSimulatedSystem } from "./system.ts";
export type {
  DiskControls,
  SimulatedSystem,
  SimulationOptions,
  Where,
  WorldControls,
} from "./api.ts";
export { LivelockError, NotReachedError, StalledError } from "./errors.ts";
export { constant, empirical, exponential, uniform } from "./latency.ts";
export type { Latency } from "./latency.ts";
export type { LinkRules } from "./link_rules.ts";
export type { DiskRules } from "./disk_faults.ts";
export type { CrashOptions } from "./disk_model.ts";
export type { Place } from "./network.ts";
