/**
 * Supervised actors in worker threads, and a peer-to-peer cluster made of them.
 *
 * @module
 */
export * from "./actor.ts";
export * from "./cluster/mod.ts";
