import type { RunResult } from "../run/mod.ts";

const OF_RUN = ["name", "seed", "mode", "verdict", "epochs", "spurious", "unavailableMs"] as const;
const OF_FAILOVER = [
  "atMs",
  "lost",
  "next",
  "epoch",
  "detectMs",
  "prevoteMs",
  "voteMs",
  "registerMs",
  "adoptMs",
  "winMs",
  "allMs",
  "failoverEpochs",
  "split",
] as const;

/** A row per failover, and one for a run without any (RFC 4180): what spreadsheets and statistics programs read. */
export function csvLines(results: readonly RunResult[]): string[] {
  const head = [...OF_RUN, ...OF_FAILOVER].join(",");
  return [
    head,
    ...results.flatMap(({ name, seed, mode, verdict, stats }) => {
      const run = [name, seed, mode, verdict, stats.epochs, stats.spurious, stats.unavailable];
      const failovers = stats.failovers.map((one) => [
        one.at,
        one.lost,
        one.next,
        one.epoch,
        one.detect,
        one.prevote,
        one.vote,
        one.register,
        one.adopt,
        one.win,
        one.all,
        one.epochs,
        one.split,
      ]);
      const rows = failovers.length > 0 ? failovers : [OF_FAILOVER.map(() => "")];
      return rows.map((row) => [...run, ...row].map(cell).join(","));
    }),
  ];
}

function cell(value: string | number | boolean): string {
  const text = String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
