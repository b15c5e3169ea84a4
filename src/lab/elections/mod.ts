/**
 * Bare elections in virtual time: cores without actors under random faults.
 *
 * @module
 */
export { type ChaosOptions, type ChaosResult, runChaos } from "./chaos.ts";
export { Campaign, type CampaignReport, type Failure } from "./campaign.ts";
export { CHAOS_MS, type Fault, FAULT_KINDS, type FaultKind, type Swarm, swarmOf } from "./swarm.ts";
export { ElectionWorld } from "./world.ts";
export type { WorldOptions } from "./world_options.ts";
