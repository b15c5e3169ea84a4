/**
 * The actor runtime alone: actors, refs, supervisors, systems.
 *
 * @module
 */
export * from "./actor/mod.ts";
export * from "./runtime/threads/mod.ts";
export * from "./supervision/mod.ts";
