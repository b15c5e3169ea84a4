import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { RunResult, TraceLine } from "../run/mod.ts";
import type { RunFolder } from "../run_folder/mod.ts";
import { summarise } from "../statistics/mod.ts";
import { renderReport } from "./render_report.ts";
import type { ReportInput, TracedRun } from "./report_input.ts";

/** Runs that are shown event by event; each takes room in the file. */
const TRACED = 2;

/** The name of a report in the folder of its run. */
export const REPORT = "report.html";

/** What a report says beyond what the folder holds. */
export interface ReportFacts {
  /** In place of the scenario's name. */
  readonly title?: string;
  /** Runtime, version, machine: by name. */
  readonly facts?: Readonly<Record<string, string>>;
}

/**
 * Makes the report of a run that is kept, in its folder unless told where to; gives the path.
 *
 * @throws InvalidOptionError if the run was cut short before its first result
 *
 * @example
 * ```ts
 * const path = await writeReport(await findRun(process.cwd(), "latest"));
 * ```
 */
export async function writeReport(
  folder: RunFolder,
  { path = join(folder.path, REPORT), ...more }: ReportFacts & { readonly path?: string } = {},
): Promise<string> {
  await writeFile(path, renderReport(await reportInput(folder, more)));
  return path;
}

async function reportInput(
  folder: RunFolder,
  { title, facts }: ReportFacts,
): Promise<ReportInput> {
  const [schedule, results, verdict] = await Promise.all([
    folder.schedule(),
    folder.results(),
    folder.verdict(),
  ]);
  const { worst = results[0]?.seed } = summarise(results, schedule.cluster);
  const replay = verdict?.replay ?? `troupe replay ${folder.id}`;
  const again = verdict?.file === undefined ? [] : [
    `troupe run ${verdict.file} --${verdict.mode} --seed ${results[0]?.seed}` +
    (results.length > 1 ? ` --runs ${results.length}` : ""),
  ];
  return {
    schedule: title === undefined ? schedule : { ...schedule, name: title },
    results,
    ...(verdict && { verdict: verdict.verdict, thresholds: verdict.thresholds }),
    traced: await tracedRuns(folder, results, worst),
    commands: [replay, ...again],
    facts: {
      run: folder.id,
      ...(verdict && { began: verdict.time }),
      ...facts,
    },
  };
}

/** The runs whose traces are kept, the one to look at first in front. */
async function tracedRuns(
  folder: RunFolder,
  results: readonly RunResult[],
  worst: string | undefined,
): Promise<TracedRun[]> {
  const kept = await folder.traced();
  const seeds = [...kept].sort((a, b) => Number(b === worst) - Number(a === worst));
  const runs: TracedRun[] = [];
  for (const seed of seeds.slice(0, TRACED)) {
    const result = results.find((one) => one.seed === seed);
    if (result === undefined) continue;
    const lines: TraceLine[] = [];
    for await (const line of folder.events(seed)) lines.push(line);
    const why = results.length === 1
      ? "the run"
      : seed === worst
      ? "the run to look at first"
      : "another run";
    runs.push({ why, result, lines });
  }
  return runs;
}
