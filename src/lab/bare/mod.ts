/**
 * Schedules on bare elections: without actors and files, but some hundred times as fast as with them.
 *
 * @module
 */
export { refusalOfBare } from "./refusal.ts";
export { runBare } from "./run_bare.ts";
