import type { Verdict } from "../../lab/run/mod.ts";
import type { VerdictFile } from "../../lab/run_folder/mod.ts";
import type { Schedule } from "../../lab/scenario/mod.ts";
import type { Distribution, Summary } from "../../lab/statistics/mod.ts";
import type { Style } from "../style.ts";
import { formatDuration } from "../text/duration.ts";

/** What the summary of a scenario's runs is made of. */
export interface SummaryInput {
  readonly schedule: Schedule;
  readonly verdict: VerdictFile;
  readonly summary: Summary | undefined;
  /** The folder of the run, relative to where the person is. */
  readonly folder: string;
}

/** The verdict of a check in one word, always as wide. */
export function mark(verdict: Verdict, style: Style): string {
  switch (verdict) {
    case "pass":
      return style.green("ok  ");
    case "fail":
      return style.red("FAIL");
    case "inconclusive":
      return style.yellow("??  ");
  }
}

/** The summary of many runs, as people read it: checks first, then figures, then how to go on. */
export function summaryLines(input: SummaryInput, style: Style): string[] {
  const { schedule, verdict, summary, folder } = input;
  const { seeds } = verdict;
  const range = seeds.length === 1 ? seeds[0] : `${seeds[0]}..${seeds.at(-1)}`;
  const { peers = 5, protocol = "troupe" } = schedule.cluster;
  const runs = `${seeds.length} ${seeds.length === 1 ? "run" : "runs"}`;
  const head = `${
    style.bold(schedule.name)
  }   ${runs} ${verdict.mode}   ${peers} peers   protocol ${protocol}   seed ${range}`;
  if (summary === undefined) return [head, "", "  no run was finished"];
  return [
    head,
    "",
    style.dim("  CHECKS"),
    ...checkLines(summary, verdict, style),
    ...failoverLines(summary, style),
    ...figureLines(summary, style),
    ...summary.notes.map((note) => `  ${style.yellow("!")} ${note}`),
    "",
    ...endLines(verdict, folder, style),
  ];
}

function checkLines(
  { checks, runs }: Summary,
  { thresholds }: VerdictFile,
  style: Style,
): string[] {
  const names = [...checks, ...thresholds].map(({ check }) => check);
  const width = Math.max(...names.map((name) => name.length));
  return [
    ...checks.map(({ check, pass, fail, inconclusive, firstFailure }) => {
      const verdict = fail > 0 ? "fail" : inconclusive > 0 ? "inconclusive" : "pass";
      const share = `${pass} of ${runs.all}`.padStart(9);
      const why = firstFailure === undefined
        ? ""
        : `  ${firstFailure.message} (seed ${firstFailure.seed})`;
      return `    ${mark(verdict, style)}  ${check.padEnd(width)}  ${share}${why}`;
    }),
    ...thresholds.map(({ check, verdict, message }) =>
      `    ${mark(verdict, style)}  ${check.padEnd(width)}  ${message}`
    ),
  ];
}

function failoverLines({ failover, splitRate, epochs, floor }: Summary, style: Style): string[] {
  const { all } = failover;
  if (all === undefined) return [];
  const parts = (["detect", "prevote", "vote", "register", "adopt"] as const)
    .flatMap((part) =>
      failover[part] === undefined ? [] : [`${part} ${formatDuration(failover[part].mean)}`]
    );
  const more = [
    ...(splitRate === undefined ? [] : [`split ${(splitRate * 100).toFixed(0)} %`]),
    ...(epochs === undefined ? [] : [`epochs ${epochs.toFixed(2)}`]),
    ...(floor?.ratio === undefined
      ? []
      : [`floor ${formatDuration(floor.ms)}, x ${floor.ratio.toFixed(2)}`]),
  ];
  return [
    "",
    `${style.dim("  FAILOVER")}   ${distribution(all)}`,
    `    ${parts.join("   ")}`,
    ...(more.length > 0 ? [`    ${more.join("   ")}`] : []),
  ];
}

function distribution({ n, mean, ci, p50, p90, p99, max }: Distribution): string {
  const tail = p99 === undefined ? "" : `   p99 ${formatDuration(p99)}`;
  const interval = ci === undefined
    ? ""
    : ` (95% ${formatDuration(ci[0])}..${formatDuration(ci[1])})`;
  return `n ${n}   mean ${formatDuration(mean)}${interval}   median ${formatDuration(p50)}   p90 ${
    formatDuration(p90)
  }${tail}   max ${formatDuration(max)}`;
}

function figureLines(
  { messages, downloads, spurious, unavailable }: Summary,
  style: Style,
): string[] {
  const kinds = Object.entries(messages).map(([kind, count]) => `${kind} ${count}`);
  const lines: string[] = [];
  if (kinds.length > 0) lines.push(`${style.dim("  MESSAGES")}   ${kinds.join("   ")}`);
  if (downloads.done + downloads.failed > 0) {
    lines.push(`${style.dim("  DOWNLOADS")}  ${downloads.done} done, ${downloads.failed} missing`);
  }
  if (spurious.count > 0) lines.push(`  ${spurious.count} elections that no fault called for`);
  if (unavailable !== undefined) {
    lines.push(`  without a serving tracker: ${formatDuration(unavailable.mean)} a run`);
  }
  return lines;
}

function endLines({ verdict, replay }: VerdictFile, folder: string, style: Style): string[] {
  return [
    `  verdict  ${mark(verdict, style).trim()}`,
    ...(verdict === "fail" ? [`  replay   ${replay}`] : []),
    `  folder   ${folder}`,
  ];
}

/** One line for a scenario among others; of a failure the reason, and the line that shows it again. */
export function shortLines({ schedule, verdict, summary }: SummaryInput, style: Style): string[] {
  const took = formatDuration(summary?.tookMs ?? 0);
  const runs = `${summary?.runs.all ?? 0} ${verdict.seeds.length === 1 ? "run" : "runs"}`;
  const line = `${mark(verdict.verdict, style)}  ${schedule.name}   ${runs}, ${took}`;
  if (verdict.verdict === "pass") return [line];
  return [
    line,
    ...(summary?.checks ?? []).flatMap(({ check, firstFailure, inconclusive, fail }) =>
      fail + inconclusive === 0
        ? []
        : [`        ${check}: ${firstFailure?.message ?? `inconclusive in ${inconclusive}`}`]
    ),
    ...verdict.thresholds.filter((one) => one.verdict !== "pass").map(({ check, message }) =>
      `        ${check}: ${message}`
    ),
    `        ${verdict.replay}`,
  ];
}
