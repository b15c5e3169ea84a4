/**
 * Actors in worker threads, on Node and Deno.
 *
 * @module
 */
export { moduleUrl, RUNTIME, RUNTIME_VERSION } from "./platform.ts";
export type { Pools } from "./switchboard.ts";
export { createThreadSystem } from "./system.ts";
export { ROOT_NAME } from "./system_api.ts";
export type { ActorSystem, SystemOptions } from "./system_api.ts";
export type { ActorTree, SystemInfo, ThreadInfo } from "./inspect.ts";
export type { LivenessOptions } from "./liveness_options.ts";
export { OutOfMemoryError, TooManyZombiesError, UnresponsiveError } from "./errors.ts";
export type { ActorInfo, NodeInfo } from "./wire.ts";
export { FaultBoard } from "./fault_board.ts";
export type { FaultView } from "./fault_memory.ts";
export type { LinkRule } from "./link_rule.ts";
export { CLEAR } from "./link_rule.ts";
export type { DiskTrouble } from "./disk_trouble.ts";
export { SOUND } from "./disk_trouble.ts";
export { threadDisk } from "./disk.ts";
