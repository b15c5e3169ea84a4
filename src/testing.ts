/**
 * Virtual time for tests of actors: `simulate`, and what can be done to a simulated world.
 *
 * @module
 */
export * from "./runtime/simulation/mod.ts";
