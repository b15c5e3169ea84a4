import { InvalidArgumentError, Option } from "commander";
import {
  fuzz as fuzzed,
  type FuzzPlan,
  type FuzzReport,
  fuzzSchedule,
} from "../../lab/fuzz/mod.ts";
import { MUTANTS } from "../../lab/mutants/mod.ts";
import { concretise, type RunResult, runSchedule } from "../../lab/run/mod.ts";
import { RunFolderWriter, runInto } from "../../lab/run_folder/mod.ts";
import type { Schedule } from "../../lab/scenario/mod.ts";
import { type Culprit, culpritOf, shows } from "../../lab/shrink/mod.ts";
import { EXIT } from "../exit_codes.ts";
import { heartbeat } from "../heartbeat.ts";
import { columnsOf, isLive } from "../io.ts";
import { LiveRegion } from "../live_region.ts";
import { wholeNumber } from "../parse_options.ts";
import { formatDuration } from "../text/duration.ts";
import { jsonLine } from "../text/json.ts";
import type { CliCommand, CommandContext } from "./command.ts";

const MINUTE = 60_000;

interface FuzzOptions {
  readonly minutes: number;
  readonly jobs: number;
  readonly seed?: number;
  readonly runs?: number;
  readonly mutant?: string;
  readonly peers?: number;
  readonly bail?: boolean;
}

/** `troupe fuzz`: schedules drawn from seeds. */
export const fuzz: CliCommand = {
  name: "fuzz",
  group: "Run",
  summary: "draw random faults, run them in simulation, keep what fails",
  examples: [
    ["troupe fuzz --minutes 2 --jobs 2", "every kind of fault, from a seed drawn anew"],
    ["troupe fuzz --seed 1 --mutant no-stickiness --bail", "until a bug that is planted is found"],
  ],
  configure(command) {
    command
      .option("--minutes <n>", "begin no run after so long", minutes, 1)
      .option("--runs <n>", "or after so many runs", wholeNumber(1, 1e9))
      .option("--jobs <n>", "worker threads", wholeNumber(1, 64), 2)
      .option("--seed <n>", "the first seed; drawn unless given", wholeNumber(0, 2 ** 31))
      .option("--peers <n>", "how many; drawn from 3 to 7 unless given", wholeNumber(1, 100))
      .addOption(
        new Option("--mutant <name>", "plant a bug in the peers").choices(
          MUTANTS.map(({ name }) => name),
        ),
      )
      .option("--bail", "end with the first failure");
  },
  run: (options, context) => runFuzz(options as unknown as FuzzOptions, context),
};

async function runFuzz(options: FuzzOptions, context: CommandContext): Promise<number> {
  const { io, json, signal, out } = context;
  const { mutant, peers } = options;
  const seed = options.seed ?? Date.now() % 1e9;
  const plan: FuzzPlan = {
    ...(mutant !== undefined && { mutant }),
    ...(peers !== undefined && { peers }),
  };
  const report = await withProgress(context, options.minutes * MINUTE, (onResult) =>
    fuzzed({
      seed,
      ms: options.minutes * MINUTE,
      plan,
      jobs: options.jobs,
      signal,
      onResult,
      ...(options.bail === true && { failures: 1 }),
      ...(options.runs !== undefined && { runs: options.runs }),
    }));
  for (const result of report.failed) {
    const { verdict, check, message } = await keep(result, plan, context);
    const { replay } = verdict;
    io.stdout.write(
      json
        ? jsonLine({ seed: result.seed, check, message, replay })
        : `${out.red("FAIL")}  seed ${result.seed}  ${check}: ${message}\n      ${replay}\n`,
    );
  }
  const { failed, ...sums } = report;
  io.stdout.write(
    json
      ? jsonLine({ seed, ...sums, failed: failed.length })
      : `${lines(report, seed).join("\n")}\n`,
  );
  if (failed.length > 0) return EXIT.failed;
  return report.runs > 0 ? EXIT.ok : EXIT.inconclusive;
}

/** A failed run in a folder of its own, with its times and peers as they came out if it fails so, too. */
async function keep(
  result: RunResult,
  plan: FuzzPlan,
  { io }: CommandContext,
): Promise<
  Pick<Awaited<ReturnType<typeof runInto>>, "verdict"> & {
    readonly check: string;
    readonly message: string;
  }
> {
  const culprit = culpritOf(result)!;
  const drawn = fuzzSchedule(result.seed, plan);
  const schedule = await concrete(drawn, result, culprit);
  const now = new Date();
  await using writer = await RunFolderWriter.create(io.cwd, schedule, { now });
  const seeds = [result.seed];
  const { verdict } = await runInto(schedule, { writer, seeds, mode: "sim", time: now });
  const failure = result.checks.find(({ check }) => check === culprit.check);
  return { verdict, check: culprit.check, message: failure?.message ?? "" };
}

async function concrete(drawn: Schedule, result: RunResult, culprit: Culprit): Promise<Schedule> {
  const schedule = concretise(drawn, result.fired);
  const again = await runSchedule(schedule, { seed: result.seed, mode: "sim" });
  return shows(again, culprit) ? schedule : drawn;
}

async function withProgress<T>(
  context: CommandContext,
  ms: number,
  work: (onResult: (result: RunResult) => void) => Promise<T>,
): Promise<T> {
  const { io, quiet } = context;
  const began = performance.now();
  using region = new LiveRegion({
    out: io.stderr,
    live: isLive(io.stderr, io.env) && !quiet,
    columns: () => columnsOf(io.stderr, io.env),
  });
  let [runs, failed] = [0, 0];
  const progress = (): string => {
    const left = Math.max(0, ms - (performance.now() - began));
    const broken = failed === 0 ? "" : `, ${failed} failed`;
    return `  ${runs} runs${broken}, ${formatDuration(left)} left`;
  };
  using _alive = heartbeat(context, progress);
  return await work(({ verdict }) => {
    runs++;
    if (verdict === "fail") failed++;
    region.set("fuzz", progress());
  });
}

function lines({ runs, to, failed, faults, virtualMs, ms }: FuzzReport, from: number): string[] {
  const kinds = Object.entries(faults).sort(([, a], [, b]) => b - a)
    .map(([verb, count]) => `${verb} ${count}`);
  const speed = ms > 0 ? (virtualMs / ms).toFixed(0) : "0";
  return [
    `${runs} runs, seeds ${from}..${to}, ${failed.length} failed`,
    `  ${formatDuration(virtualMs)} of virtual time in ${formatDuration(ms)}, ${speed} x real time`,
    ...(kinds.length > 0 ? [`  faults   ${kinds.join("   ")}`] : []),
  ];
}

function minutes(text: string): number {
  const value = Number(text);
  if (text.trim() !== "" && value > 0 && value <= 10_000) return value;
  throw new InvalidArgumentError("Expected a number of minutes above 0, as 2 or 0.5.");
}
