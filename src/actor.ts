/**
 * The actor runtime alone: actors, refs, supervisors, systems.
 *
 * @module
 */
export * from "./actor/mod.ts";
export * from "./runtime/mod.ts";
export * from "./supervision/mod.ts";
