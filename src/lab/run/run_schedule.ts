import type { ActorDefinition } from "../../actor/mod.ts";
import { INVARIANT_NAMES } from "../checks/elections.ts";
import { judgeRun } from "../checks/judge.ts";
import type { PeerArgs, PeerProtocol } from "../../peer/mod.ts";
import type { Schedule } from "../scenario/schedule.ts";
import { Experiment } from "./experiment.ts";
import type { Mode, RunResult, TraceLine } from "./run_result.ts";

/** How a schedule is run. */
export interface RunOptions {
  /** Determines every draw. */
  readonly seed: string | number;
  readonly mode: Mode;
  readonly signal?: AbortSignal;
  /** Is told every line of the trace. Without it no lines are made that no check needs. */
  readonly onLine?: (line: TraceLine) => void;
  /** What is run as a peer, in simulation: one with a bug planted in it. */
  readonly mutant?: ActorDefinition<PeerArgs, PeerProtocol>;
  /** Where a live run keeps the logs and files of its peers; a temporary folder unless told. */
  readonly folder?: string;
}

/**
 * Carries a schedule out once: makes its cluster, does what it says, undoes all of it, lets the cluster recover, and judges what was seen.
 * In simulation the same schedule and seed give the same run.
 *
 * @throws RefusedFaultError if the runtime cannot do what the schedule asks for; InvalidOptionError; the signal's reason
 *
 * @example
 * ```ts
 * const result = await runSchedule(schedule, { seed: 42, mode: "sim" });
 * console.log(result.verdict, result.checks);
 * ```
 */
export async function runSchedule(schedule: Schedule, options: RunOptions): Promise<RunResult> {
  const began = performance.now();
  const seed = String(options.seed);
  const { mode } = options;
  const only = schedule.checks.flatMap(({ check }) => INVARIANT_NAMES[check] ?? []);
  await using experiment = await Experiment.open({
    ...options,
    seed,
    plan: schedule.cluster,
    only,
  });
  const seen = await experiment.play(schedule);
  const { verdict, checks } = judgeRun(seen);
  return {
    v: 1,
    name: schedule.name,
    seed,
    mode,
    verdict,
    checks,
    fired: seen.fired,
    stats: seen.stats,
    undone: experiment.undone,
    ms: experiment.now(),
    tookMs: performance.now() - began,
  };
}
