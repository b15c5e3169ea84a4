/**
 * The report of a run or of many: one HTML file to look at.
 *
 * @module
 */
export type { Diagram } from "./trace/diagram.ts";
export { diagramOf } from "./trace/diagram_of.ts";
export { renderReport } from "./render_report.ts";
export { REPORT, type ReportFacts, writeReport } from "./report_of_folder.ts";
export type { ReportInput, TracedRun } from "./report_input.ts";
