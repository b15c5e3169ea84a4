/**
 * The embedded cluster: registry, supervisors and peers in this process, and what can be done to them.
 *
 * @module
 */
export type * from "./api.ts";
export type * from "./faults.ts";
export type { ClusterTime } from "./time.ts";
export { createCluster } from "./create_cluster.ts";
