import { writeFile } from "node:fs/promises";
import { join, relative, resolve } from "node:path";
import type { RunResult } from "../../lab/run/mod.ts";
import { findRun, type RunFolder } from "../../lab/run_folder/mod.ts";
import { type Schedule, writeYaml } from "../../lab/scenario/mod.ts";
import { type Culprit, culpritOf, shrink as shrunk, type Shrunk } from "../../lab/shrink/mod.ts";
import { untimedStory } from "../../lab/shrink/mod.ts";
import { UsageError } from "../errors.ts";
import { EXIT } from "../exit_codes.ts";
import { heartbeat } from "../heartbeat.ts";
import { columnsOf, isLive } from "../io.ts";
import { LiveRegion } from "../live_region.ts";
import { duration, someText, wholeNumber } from "../parse_options.ts";
import { formatDuration } from "../text/duration.ts";
import { jsonLine } from "../text/json.ts";
import type { CliCommand, CommandContext } from "./command.ts";
import { addRunArgument, runNamed } from "./run_argument.ts";

/** The smallest scenario, in the folder of the run that it comes from. */
const SMALLEST = "smallest.yaml";

interface ShrinkOptions {
  readonly seed?: string;
  readonly check?: string;
  readonly out?: string;
  readonly within: number;
  readonly jobs: number;
}

/** `troupe shrink`: the few faults that matter. */
export const shrink: CliCommand = {
  name: "shrink",
  group: "Results",
  summary: "find the few faults of a failed run that still break it",
  examples: [
    ["troupe shrink latest", "writes smallest.yaml into the run's folder"],
    ["troupe shrink 1128-1050 --seed 67 --out bug.yaml", "of one of its seeds"],
  ],
  completes: ["run"],
  configure(command) {
    addRunArgument(command)
      .option("--seed <seed>", "which of its runs; the first that failed unless given", someText)
      .option("--check <name>", "which of its failed checks; the first unless given", someText)
      .option("-o, --out <file>", "where the scenario goes", someText)
      .option("--within <time>", "be content with what is found by then", duration, 60_000)
      .option("--jobs <n>", "worker threads that share the seeds", wholeNumber(1, 64), 2);
  },
  run: (options, context) => runShrink(options as unknown as ShrinkOptions, context),
};

async function runShrink(options: ShrinkOptions, context: CommandContext): Promise<number> {
  const { io, args, json, signal } = context;
  const folder = await findRun(io.cwd, runNamed(args));
  const schedule = await folder.schedule();
  const { result, culprit } = await failureOf(folder, options);
  const found = await withProgress(context, schedule, (onProgress) =>
    shrunk({
      schedule,
      fired: result.fired,
      seed: result.seed,
      culprit,
      budget: { ms: options.within },
      jobs: options.jobs,
      signal,
      onProgress,
    }));
  const path = options.out === undefined
    ? join(folder.path, SMALLEST)
    : resolve(io.cwd, options.out);
  const before = schedule.faults.length;
  const comment = [
    `${found.schedule.faults.length} of ${before} faults of ${folder.id}, seed ${result.seed}:`,
    `${culprit.check} fails.`,
  ];
  const text = await writeYaml(
    { ...found.schedule, name: `smallest of ${schedule.name}` },
    { comment, ...(/^\d+$/.test(found.seed) && { seed: Number(found.seed) }) },
  );
  await writeFile(path, text);
  const { mutant } = schedule.cluster;
  const story = mutant === undefined ? undefined : untimedStory(mutant);
  if (json) {
    const { seed, runs, ms, complete, log } = found;
    const faults = { before, after: found.schedule.faults.length };
    const facts = { culprit, faults, seed, runs, ms, complete, file: path };
    io.stdout.write(jsonLine({ ...facts, schedule: found.schedule, story, log }));
  } else {
    const file = relative(io.cwd, path);
    io.stdout.write(`${lines(found, culprit, before, file, text, story, context).join("\n")}\n`);
  }
  return EXIT.ok;
}

/** @throws UsageError if nothing failed there */
async function failureOf(
  folder: RunFolder,
  { seed, check }: ShrinkOptions,
): Promise<{ readonly result: RunResult; readonly culprit: Culprit }> {
  const results = await folder.results();
  for (const result of results) {
    if (seed !== undefined && result.seed !== seed) continue;
    const checks = result.checks.filter((one) => check === undefined || one.check === check);
    const culprit = culpritOf({ ...result, checks });
    if (culprit === undefined) continue;
    if (result.mode === "sim") return { result, culprit };
    throw new UsageError(`${folder.id} was live, expected a run in simulation`, {
      hint: "run its scenario with --sim until it fails there, too",
    });
  }
  const what = check ?? "a check";
  const where = seed === undefined ? `any of its ${results.length} runs` : `seed ${seed}`;
  throw new UsageError(`${folder.id} shows no failure of ${what} in ${where}`);
}

async function withProgress<T>(
  context: CommandContext,
  { faults }: Schedule,
  work: (onProgress: Parameters<typeof shrunk>[0]["onProgress"] & object) => Promise<T>,
): Promise<T> {
  const { io, quiet } = context;
  using region = new LiveRegion({
    out: io.stderr,
    live: isLive(io.stderr, io.env) && !quiet,
    columns: () => columnsOf(io.stderr, io.env),
  });
  let text = `  ${faults.length} faults`;
  using _alive = heartbeat(context, () => text);
  return await work(({ phase, runs, ms, faults: left, seeds }) => {
    const where = phase === "bare" ? "bare elections" : "whole peers";
    const searched = `${runs} runs of ${where}, ${seeds} seeds a change, ${formatDuration(ms)}`;
    text = `  ${faults.length} faults -> ${left}   ${searched}`;
    region.set("shrink", text);
  });
}

function lines(
  { schedule, seed, runs, ms, complete }: Shrunk,
  { check, id }: Culprit,
  before: number,
  file: string,
  text: string,
  story: readonly string[] | undefined,
  { out }: CommandContext,
): string[] {
  const what = id === check ? check : `${check} (${id})`;
  const after = schedule.faults.length;
  return [
    `${out.bold(`${before} faults -> ${after}`)}   ${what} fails with seed ${seed}`,
    `${runs} runs in ${formatDuration(ms)}${complete ? "" : "; time is up, there may be fewer"}`,
    "",
    ...text.trimEnd().split("\n").map((line) => `  ${line}`),
    "",
    `  file     ${file}`,
    `  again    troupe run ${file}`,
    ...(story === undefined ? [] : ["", "The same without clocks, in the fewest steps:", ...story]),
  ];
}
