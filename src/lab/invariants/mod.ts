/**
 * The trace checker: the invariants of an election, over the events of any run.
 *
 * @module
 */
export { INVARIANTS, TraceChecker } from "./checker.ts";
export type { Invariant, Setup } from "./invariant.ts";
export type { HostEvent, Observed, Occurrence } from "./observed.ts";
export { SystemEventFeed } from "./system_events.ts";
export { type Violation, violationLines } from "./violation.ts";
export { watchCluster } from "./watch_cluster.ts";
