import { Worker } from "node:worker_threads";
import { moduleUrl } from "../../runtime/mod.ts";
import type { Schedule } from "../scenario/schedule.ts";
import type { RunOptions } from "./run_schedule.ts";
import { runSchedule } from "./run_schedule.ts";
import type { Mode, RunResult, TraceLine } from "./run_result.ts";

/** How a schedule is run with many seeds. */
export interface ManyOptions {
  readonly seeds: readonly string[];
  readonly mode: Mode;
  /** Worker threads that share the seeds, in simulation; default 1: none but this one. Live runs come one after the other. */
  readonly jobs?: number;
  readonly signal?: AbortSignal;
  /** No run begins after one that failed. */
  readonly bail?: boolean;
  /** Is told every line of the runs of this thread; not those of jobs. */
  readonly onLine?: (seed: string, line: TraceLine) => void;
  /** Is told every result as it comes. */
  readonly onResult?: (result: RunResult) => void;
  /** How one run is done; `runSchedule` of the schedule unless told, and then there are no jobs. */
  readonly run?: (options: RunOptions) => Promise<RunResult>;
  /** Where live runs keep logs and files, by seed. */
  readonly folder?: (seed: string) => string;
}

/** What a job is given. */
export interface JobWork {
  readonly schedule: Schedule;
  readonly seeds: readonly string[];
}

/**
 * Runs a schedule with each of the seeds; gives the results in their order, as many as there are when it is ended.
 *
 * @throws what a run throws
 */
export async function runMany(schedule: Schedule, options: ManyOptions): Promise<RunResult[]> {
  const { seeds, mode, jobs = 1, bail = false, onResult } = options;
  const results = new Map<string, RunResult>();
  const stop = new AbortController();
  const keep = (result: RunResult): void => {
    results.set(result.seed, result);
    onResult?.(result);
    if (bail && result.verdict === "fail") stop.abort();
  };
  const shares = mode === "live" || options.run !== undefined
    ? 1
    : Math.max(1, Math.min(jobs, seeds.length));
  if (shares === 1) await runHere(schedule, options, stop.signal, keep);
  else {
    const works = Array.from(
      { length: shares },
      (_, job) => ({ schedule, seeds: seeds.filter((_, i) => i % shares === job) }),
    );
    await Promise.all(works.map((work) => runInJob(work, options.signal, stop.signal, keep)));
  }
  return seeds.flatMap((seed) => results.get(seed) ?? []);
}

async function runHere(
  schedule: Schedule,
  { seeds, mode, signal, onLine, folder, run }: ManyOptions,
  stop: AbortSignal,
  keep: (result: RunResult) => void,
): Promise<void> {
  for (const seed of seeds) {
    if (stop.aborted || signal?.aborted) return;
    const options: RunOptions = {
      seed,
      mode,
      ...(signal && { signal }),
      ...(onLine && { onLine: (line) => onLine(seed, line) }),
      ...(folder && { folder: folder(seed) }),
    };
    try {
      keep(run === undefined ? await runSchedule(schedule, options) : await run(options));
    } catch (error) {
      // What was finished before it was given up counts.
      if (signal?.aborted) return;
      throw error;
    }
  }
}

function runInJob(
  work: JobWork,
  signal: AbortSignal | undefined,
  stop: AbortSignal,
  keep: (result: RunResult) => void,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(moduleUrl("./job.ts", import.meta.url), { workerData: work });
    const end = (): void => void worker.terminate();
    signal?.addEventListener("abort", end, { once: true });
    stop.addEventListener("abort", end, { once: true });
    worker.on("message", keep);
    worker.once("error", reject);
    worker.once("exit", () => {
      signal?.removeEventListener("abort", end);
      stop.removeEventListener("abort", end);
      resolve();
    });
  });
}
