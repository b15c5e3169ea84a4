import { readFile } from "node:fs/promises";
import { relative, resolve } from "node:path";
import { Option } from "commander";
import type { CodeScenario } from "../../lab/code/mod.ts";
import type { ReadScenario, Schedule } from "../../lab/scenario/mod.ts";
import type { Mode, Verdict } from "../../lab/run/mod.ts";
import { EXIT } from "../exit_codes.ts";
import { heartbeat } from "../heartbeat.ts";
import { columnsOf, isLive } from "../io.ts";
import { combinations, labelOf } from "../lab/matrix.ts";
import { planLines } from "../lab/plan_lines.ts";
import { RunProgress } from "../lab/run_progress.ts";
import { scenarioFiles } from "../lab/scenario_files.ts";
import { shortLines, summaryLines } from "../lab/summary_lines.ts";
import { LiveRegion } from "../live_region.ts";
import { wholeNumber } from "../parse_options.ts";
import { jsonLine } from "../text/json.ts";
import type { CliCommand, CommandContext } from "./command.ts";

interface RunOptions {
  readonly sim?: boolean;
  readonly live?: boolean;
  readonly seed?: number;
  readonly runs?: number;
  readonly jobs: number;
  readonly set: readonly string[];
  readonly matrix: readonly string[];
  readonly bail?: boolean;
  readonly dryRun?: boolean;
  readonly out?: string;
}

/** One scenario that is about to be run. */
interface Planned {
  readonly file: string;
  readonly schedule: Schedule;
  /** Where it is a program. */
  readonly code?: CodeScenario;
  readonly mode: Mode;
  readonly seeds: readonly string[];
}

const gather = (text: string, before: readonly string[]): readonly string[] => [...before, text];

/** `troupe run`: scenarios, with a verdict. */
export const run: CliCommand = {
  name: "run",
  group: "Run",
  summary: "run scenarios, in simulation or on threads, and judge them",
  examples: [
    [
      "troupe run examples/scenarios/tracker_crash.yaml",
      "once, in simulation; exit code 1 if a check fails",
    ],
    [
      "troupe run examples --sim --runs 20 --jobs 2",
      "every scenario of a folder with twenty seeds each",
    ],
    [
      "troupe run x.yaml --live --matrix cluster.profile=default,fast",
      "on threads, once for each profile",
    ],
  ],
  configure(command) {
    command
      .argument("<file...>", "scenario files, or folders with some (*.yaml, *.scenario.ts)")
      .addOption(
        new Option("--sim", "in simulation (default, unless the file says live)").conflicts("live"),
      )
      .option("--live", "on worker threads, in real time")
      .option("--seed <n>", "the first seed (default: the file's, else 1)", wholeNumber(0, 2 ** 31))
      .option("--runs <n>", "with so many seeds (default: the file's, else 1)", wholeNumber(1, 1e6))
      .option(
        "--jobs <n>",
        "worker threads that share the seeds, in simulation",
        wholeNumber(1, 64),
        1,
      )
      .option("--set <key=value>", "replace a value of the file, as cluster.peers=7", gather, [])
      .option(
        "--matrix <key=a,b,c>",
        "once for each of these values; several make all combinations",
        gather,
        [],
      )
      .option("--bail", "begin nothing more after a failure")
      .option("--dry-run", "print what is planned, run nothing")
      .option("-o, --out <dir>", "keep runs below this folder instead of the present one");
  },
  run: async (parsed, context) => await runScenarios(parsed as unknown as RunOptions, context),
};

async function runScenarios(options: RunOptions, context: CommandContext): Promise<number> {
  const { io, json, quiet, signal, out } = context;
  const files = await scenarioFiles(context.args, io.cwd);
  const planned: Planned[] = [];
  for (const file of files) planned.push(...await plan(file, options, io.cwd));
  if (options.dryRun === true) {
    for (const { schedule, mode, seeds } of planned) {
      io.stdout.write(
        json
          ? jsonLine({ schedule, mode, seeds })
          : `${planLines(schedule).join("\n")}\n  runs     ${seeds.length}, ${mode}, from seed ${
            seeds[0]
          }\n\n`,
      );
    }
    return EXIT.ok;
  }
  const verdicts: Verdict[] = [];
  for (const one of planned) {
    if (signal.aborted) break;
    const { lines, object, verdict } = await perform(one, planned.length > 1, options, context);
    io.stdout.write(json ? jsonLine(object) : `${lines.join("\n")}\n`);
    verdicts.push(verdict);
    if (options.bail === true && verdict === "fail") break;
  }
  if (planned.length > 1 && !json && !quiet) {
    const count = (verdict: Verdict): number => verdicts.filter((one) => one === verdict).length;
    io.stdout.write(
      `\n${out.bold(`${count("pass")} of ${planned.length} scenarios passed`)}, ${
        count("fail")
      } failed, ${count("inconclusive")} inconclusive\n`,
    );
  }
  if (verdicts.includes("fail")) return EXIT.failed;
  return verdicts.includes("inconclusive") || verdicts.length < planned.length
    ? EXIT.inconclusive
    : EXIT.ok;
}

/** What is known of a program before it has run. */
function codeParts(
  code: CodeScenario,
): {
  readonly schedule: Schedule;
  readonly runs: ReadScenario["runs"];
  readonly code: CodeScenario;
} {
  const { name, teaches } = code;
  const schedule: Schedule = {
    v: 1,
    name,
    ...(teaches !== undefined && { teaches }),
    cluster: {},
    faults: [],
    work: [],
    checks: [],
    until: 0,
    quiet: 0,
  };
  return { schedule, runs: {}, code };
}

/** In a function of its own: tsc leaves the extension of what a function with `using` imports. */
function runFolders(): Promise<typeof import("../../lab/run_folder/mod.ts")> {
  return import("../../lab/run_folder/mod.ts");
}

/** What is to be run of a file: once, or once for each combination of a matrix. */
async function plan(file: string, options: RunOptions, cwd: string): Promise<Planned[]> {
  const { loadScenario } = await import("../../lab/code/mod.ts");
  const planned: Planned[] = [];
  for (const set of combinations(options.set, options.matrix)) {
    const loaded = await loadScenario(resolve(cwd, file), { set, name: file });
    const { schedule, runs, code } = loaded.kind === "file"
      ? { ...loaded, code: undefined }
      : codeParts(loaded.scenario);
    const label = labelOf(set, options.matrix);
    const mode = options.live === true ? "live" : options.sim === true ? "sim" : runs.mode ?? "sim";
    const first = options.seed ?? runs.seed ?? 1;
    const count = options.runs ?? (options.seed === undefined ? runs.count : undefined) ?? 1;
    planned.push({
      file,
      ...(code && { code }),
      schedule: label === "" ? schedule : { ...schedule, name: `${schedule.name} ${label}` },
      mode,
      seeds: Array.from({ length: count }, (_, i) => String(first + i)),
    });
  }
  return planned;
}

async function perform(
  { file, schedule, code, mode, seeds }: Planned,
  among: boolean,
  options: RunOptions,
  { io, signal, quiet, out }: CommandContext,
): Promise<{ readonly lines: string[]; readonly object: object; readonly verdict: Verdict }> {
  const { RunFolderWriter, runInto } = await runFolders();
  const time = new Date();
  const root = resolve(io.cwd, options.out ?? ".");
  await using writer = await RunFolderWriter.create(root, schedule, { now: time });
  await writer.source(file, await readFile(resolve(io.cwd, file), "utf8"));
  const live = isLive(io.stderr, io.env) && !quiet;
  using region = new LiveRegion({
    out: io.stderr,
    live,
    columns: () => columnsOf(io.stderr, io.env),
  });
  using progress = new RunProgress(region, schedule.name, seeds.length);
  using _alive = heartbeat({ io, quiet }, () => progress.text);
  const { verdict, summary } = await runInto(schedule, {
    writer,
    seeds,
    mode,
    time,
    file,
    jobs: options.jobs,
    bail: options.bail === true,
    signal,
    ...(code && { run: async (told) => (await code.run(told)).result }),
    onResult: (result) => progress.add(result),
  });
  const folder = relative(io.cwd, writer.path);
  const input = { schedule, verdict, summary, folder };
  return {
    lines: among ? shortLines(input, out) : summaryLines(input, out),
    object: { ...verdict, folder, summary },
    verdict: verdict.verdict,
  };
}
