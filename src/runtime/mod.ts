/**
 * Systems of actors, on threads and in simulation.
 *
 * @module
 */
export * from "./threads/mod.ts";
export { createSystem } from "./create_system.ts";
export type * from "./simulation/mod.ts";
