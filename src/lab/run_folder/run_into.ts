import type { Mode, RunOptions, RunResult, TraceLine } from "../run/mod.ts";
import { runMany, runSchedule } from "../run/mod.ts";
import type { Schedule } from "../scenario/mod.ts";
import type { Summary } from "../statistics/mod.ts";
import { summarise } from "../statistics/mod.ts";
import type { VerdictFile } from "./layout.ts";
import { overallVerdict, perRun, thresholdsOf } from "./overall.ts";
import type { EventSink, RunFolderWriter } from "./write.ts";

/** How a schedule is run into a folder. */
export interface RunIntoOptions {
  readonly writer: RunFolderWriter;
  readonly seeds: readonly string[];
  readonly mode: Mode;
  readonly time: Date;
  readonly jobs?: number;
  readonly bail?: boolean;
  readonly signal?: AbortSignal;
  /** The scenario file, as it was given. */
  readonly file?: string;
  /** How one run is done, of a scenario that is a program. */
  readonly run?: (options: RunOptions) => Promise<RunResult>;
  readonly onResult?: (result: RunResult) => void;
  readonly onLine?: (seed: string, line: TraceLine) => void;
}

/** What came of all runs. */
export interface Outcome {
  readonly verdict: VerdictFile;
  readonly results: readonly RunResult[];
  readonly summary: Summary | undefined;
}

/**
 * Runs a schedule with each seed and keeps what came of it: every result, and the whole trace of live runs, of a single run and of the one to
 * look at first, which in simulation is run once more for it.
 */
export async function runInto(schedule: Schedule, options: RunIntoOptions): Promise<Outcome> {
  const { writer, seeds, mode, time, signal, file } = options;
  const one = perRun(schedule, seeds.length);
  const results = await traced(writer, async (trace) => {
    const all = mode === "live" || seeds.length === 1;
    return await runMany(one, {
      seeds,
      mode,
      ...(options.run && { run: options.run }),
      ...(options.jobs !== undefined && { jobs: options.jobs }),
      ...(options.bail !== undefined && { bail: options.bail }),
      ...(signal && { signal }),
      ...((all || options.onLine) && {
        onLine: (seed, line) => {
          if (all) trace(seed, line);
          options.onLine?.(seed, line);
        },
      }),
      ...(mode === "live" && { folder: (seed) => writer.runPath(seed) }),
      onResult: (result) => {
        writer.result(result);
        options.onResult?.(result);
      },
    });
  });
  const summary = results.length === 0 ? undefined : summarise(results, schedule.cluster);
  const worst = summary?.worst ?? results[0]?.seed;
  if (mode === "sim" && seeds.length > 1 && worst !== undefined && !signal?.aborted) {
    await traced(writer, async (trace) => {
      const onLine = (line: TraceLine): void => trace(worst, line);
      const again = { seed: worst, mode, onLine, ...(signal && { signal }) };
      await (options.run === undefined ? runSchedule(one, again) : options.run(again));
    });
  }
  const thresholds = thresholdsOf(schedule, results);
  const seed = worst ?? seeds[0];
  const verdict: VerdictFile = {
    v: 1,
    name: schedule.name,
    verdict: overallVerdict(schedule, results, thresholds, seeds.length),
    mode,
    time: time.toISOString(),
    seeds,
    thresholds,
    replay: `troupe replay ${writer.id}${seed === undefined ? "" : ` --seed ${seed}`}`,
    ...(file !== undefined && { file }),
  };
  await writer.finish(verdict, summary);
  return { verdict, results, summary };
}

/** Runs `work` with a place for its traces, which are complete when it has ended. */
async function traced<T>(
  writer: RunFolderWriter,
  work: (trace: (seed: string, line: TraceLine) => void) => Promise<T>,
): Promise<T> {
  const sinks = new Map<string, Promise<EventSink>>();
  const waiting = new Map<string, TraceLine[]>();
  try {
    return await work((seed, line) => {
      const lines = waiting.get(seed);
      if (lines !== undefined) return void lines.push(line);
      waiting.set(seed, [line]);
      sinks.set(seed, writer.events(seed));
    });
  } finally {
    for (const [seed, opening] of sinks) {
      await using sink = await opening;
      for (const line of waiting.get(seed) ?? []) sink.write(line);
    }
  }
}
