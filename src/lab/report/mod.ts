/**
 * The report of a run or of many: one HTML file to look at.
 *
 * @module
 */
export { renderReport } from "./render_report.ts";
export type { ReportInput, TracedRun } from "./report_input.ts";
