/**
 * Supervisors: actors that start, restart and stop other actors by the rules of OTP's `supervisor`.
 *
 * @module
 */
export type { Backoff } from "./backoff.ts";
export type { ChildCounts, ChildInfo, ChildSpecInfo } from "./effects.ts";
export * from "./errors.ts";
export type {
  AutoShutdown,
  CommonOptions,
  DynamicSupervisorOptions,
  Strategy,
  SupervisorOptions,
} from "./options.ts";
export type {
  AnyChildSpec,
  ChildOptions,
  ChildSpec,
  ChildType,
  Restart,
  Shutdown,
} from "./spec.ts";
export { child } from "./spec.ts";
export type {
  ChildrenOf,
  DynamicSupervisorProtocol,
  InstanceOptions,
  SupervisorProtocol,
} from "./supervisor.ts";
export { dynamicSupervisor, supervisor } from "./supervisor.ts";
