/**
 * The laboratory: scenarios of faults on threads and in simulation, verdicts, replay.
 *
 * @module
 */
export * from "./lab/code/mod.ts";
export * from "./lab/run/mod.ts";
export * from "./lab/scenario/mod.ts";
