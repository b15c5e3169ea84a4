import { join } from "node:path";
import type { CheckResult, Mode, Verdict } from "../run/mod.ts";

/** Where runs are kept, below the folder that people work in. */
export const RUNS: string = join(".troupe", "runs");

/** The link to the newest run. */
export const LATEST = "latest";

/** The files of a run's folder. */
export const FILES = {
  schedule: "schedule.json",
  verdict: "verdict.json",
  summary: "summary.json",
  results: "results.ndjson",
  events: "events.ndjson",
  runs: "runs",
} as const;

/** `verdict.json`: what a run of a scenario came to. */
export interface VerdictFile {
  readonly v: 1;
  readonly name: string;
  readonly verdict: Verdict;
  readonly mode: Mode;
  /** When it began, ISO 8601. */
  readonly time: string;
  readonly seeds: readonly string[];
  /** Thresholds over all runs. */
  readonly thresholds: readonly CheckResult[];
  /** What people type to see it again. */
  readonly replay: string;
  /** The scenario file, as it was given. */
  readonly file?: string;
}

/** The name of a folder for a run of `name` that begins at `now`: `1123-105012-tracker-crash`. */
export function folderName(name: string, now: Date): string {
  const two = (value: number): string => String(value).padStart(2, "0");
  const day = two(now.getMonth() + 1) + two(now.getDate());
  const time = two(now.getHours()) + two(now.getMinutes()) + two(now.getSeconds());
  const slug = name.toLowerCase().replace(/[^a-z0-9]+/g, "-").replace(/^-|-$/g, "").slice(0, 40);
  return `${day}-${time}-${slug || "run"}`;
}
