import { moduleUrl } from "../../runtime/mod.ts";
import { JobPool } from "../jobs/mod.ts";
import type { RunResult } from "../run/mod.ts";
import type { FuzzPlan } from "./fuzz_schedule.ts";
import type { FuzzTask } from "./fuzz_thread.ts";

/** How long is fuzzed, and what. */
export interface FuzzOptions {
  /** The first seed, a whole number; those after it follow. */
  readonly seed: number;
  /** No run begins after so many ms... */
  readonly ms: number;
  /** ...or after so many runs. */
  readonly runs?: number;
  readonly plan?: FuzzPlan;
  /** Threads; default 2. */
  readonly jobs?: number;
  /** Failures after which no run begins; default 10. */
  readonly failures?: number;
  readonly signal?: AbortSignal;
  /** Is told every result as it comes. */
  readonly onResult?: (result: RunResult) => void;
}

/** What came of it. */
export interface FuzzReport {
  readonly runs: number;
  /** The last seed that was run. */
  readonly to: number;
  readonly failed: readonly RunResult[];
  /** How often each fault was carried out, by verb. */
  readonly faults: Readonly<Record<string, number>>;
  /** Of the runs' own time. */
  readonly virtualMs: number;
  readonly ms: number;
}

const JOBS = 2;
const FAILURES = 10;

/**
 * Runs the schedules of one seed after the other in simulation, until the time is up; see {@linkcode fuzzSchedule}. A failure does not end
 * it, so that one that is known hides none that is not.
 *
 * @throws what a run throws
 */
export async function fuzz(options: FuzzOptions): Promise<FuzzReport> {
  const { seed: first, ms, plan = {}, jobs = JOBS, failures = FAILURES, signal } = options;
  const began = performance.now();
  const failed: RunResult[] = [];
  const faults: Record<string, number> = {};
  let [next, runs, virtualMs] = [first, 0, 0];
  const goesOn = (): boolean =>
    !signal?.aborted && performance.now() - began < ms && failed.length < failures &&
    next - first < (options.runs ?? Infinity);
  const keep = (result: RunResult): void => {
    runs++;
    virtualMs += result.ms;
    for (const { verb, failed: why } of result.fired) {
      if (why === undefined) faults[verb] = (faults[verb] ?? 0) + 1;
    }
    if (result.verdict === "fail") failed.push(result);
    options.onResult?.(result);
  };
  await using pool = new JobPool<FuzzTask, RunResult>(
    moduleUrl("./fuzz_thread.ts", import.meta.url),
    jobs,
  );
  const lane = async (): Promise<void> => {
    while (goesOn()) keep(await pool.do({ seed: String(next++), plan }));
  };
  await Promise.all(Array.from({ length: jobs }, lane));
  failed.sort((a, b) => Number(a.seed) - Number(b.seed));
  const report = { runs, to: next - 1, failed, faults, virtualMs };
  return { ...report, ms: performance.now() - began };
}
