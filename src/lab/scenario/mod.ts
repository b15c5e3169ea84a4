/**
 * Scenarios: what is done to a cluster, and what is demanded of it.
 *
 * @module
 */
export type * from "./schedule.ts";
