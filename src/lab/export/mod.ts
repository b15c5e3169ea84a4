/**
 * Runs in forms that other programs read.
 *
 * @module
 */
export { type ChromeEvent, chromeTrace } from "./chrome_trace.ts";
export { csvLines } from "./csv.ts";
