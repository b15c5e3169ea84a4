import { resolve } from "node:path";
import { isCode } from "../../lab/code/load_scenario.ts";
import type { RunOptions, RunResult, TraceLine } from "../../lab/run/mod.ts";
import { UsageError } from "../errors.ts";
import { EXIT } from "../exit_codes.ts";
import { mark } from "../lab/summary_lines.ts";
import { traceText } from "../lab/trace_text.ts";
import { duration } from "../parse_options.ts";
import { jsonLine } from "../text/json.ts";
import type { CliCommand } from "./command.ts";
import { addRunArgument, runNamed } from "./run_argument.ts";

interface ReplayOptions {
  readonly seed?: string;
  readonly until?: number;
}

/** `troupe replay`: a run again, told step by step. */
export const replay: CliCommand = {
  name: "replay",
  group: "Run",
  summary: "run one seed of a kept run again, and tell what happens",
  examples: [
    ["troupe replay latest", "the run to look at first: the first that failed, or the slowest"],
    ["troupe replay latest --seed 67 --json", "every line of its trace"],
  ],
  completes: ["run"],
  configure(command) {
    addRunArgument(command)
      .option("--seed <seed>", "which of its runs")
      .option("--until <time>", "tell nothing after it", duration);
  },
  async run(options, { io, args, json, out, signal }) {
    const { seed: wanted, until = Infinity } = options as ReplayOptions;
    const { findRun } = await import("../../lab/run_folder/mod.ts");
    const { concretise, runSchedule } = await import("../../lab/run/mod.ts");
    const folder = await findRun(io.cwd, runNamed(args));
    const results = await folder.results();
    const verdict = await folder.verdict();
    const summary = await folder.summary();
    const seed = wanted ?? summary?.worst ?? results[0]?.seed;
    const before = results.find((result) => result.seed === seed);
    if (before === undefined) {
      throw new UsageError(
        `${folder.id} has no run with seed ${seed}, expected one of ${
          results.map((one) => one.seed).join(", ")
        }`,
      );
    }
    const schedule = await folder.schedule();
    // On threads nothing is the same twice: what was decided then is done again, at the same times to the same peers.
    const same = verdict?.mode === "live" ? concretise(schedule, before.fired) : schedule;
    const tell = (line: TraceLine): void => {
      if (line.t > until) return;
      const text = json ? jsonLine(line) : traceText(line, out);
      if (text !== undefined) io.stdout.write(json ? text : `${text}\n`);
    };
    const told = { seed: before.seed, mode: before.mode, signal, onLine: tell };
    const again = verdict?.file !== undefined && isCode(verdict.file)
      ? await programAgain(resolve(io.cwd, verdict.file), told)
      : await runSchedule(same, told);
    if (!json) {
      for (const { check, verdict: judged, message } of again.checks) {
        io.stdout.write(`  ${mark(judged, out)}  ${check}: ${message}\n`);
      }
      io.stdout.write(`${sameness(before, again)}\n`);
    }
    return again.verdict === "fail"
      ? EXIT.failed
      : again.verdict === "pass"
      ? EXIT.ok
      : EXIT.inconclusive;
  },
};

/** A program decides as it goes: it is run itself. */
async function programAgain(path: string, options: RunOptions): Promise<RunResult> {
  const { loadScenario } = await import("../../lab/code/mod.ts");
  const loaded = await loadScenario(path);
  if (loaded.kind !== "code") throw new UsageError(`${path} is no program any more`);
  return (await loaded.scenario.run(options)).result;
}

function sameness(before: RunResult, again: RunResult): string {
  if (before.mode === "live") {
    return `on threads, ${again.verdict} as ${
      before.verdict === again.verdict ? "before" : "never before"
    }`;
  }
  const { tookMs: _before, ...one } = before;
  const { tookMs: _again, ...other } = again;
  const same = JSON.stringify([one.fired, one.stats, one.ms]) ===
    JSON.stringify([other.fired, other.stats, other.ms]);
  return same
    ? "the same run as before, event for event"
    : "NOT the same run as before: it was another version of troupe";
}
