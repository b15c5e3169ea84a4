import { runBare } from "../bare/mod.ts";
import { stepWith } from "../mutants/mod.ts";
import { runSchedule } from "../run/mod.ts";
import type { Schedule } from "../scenario/schedule.ts";
import { type Culprit, shows } from "./culprit.ts";

/** A schedule to be run with some seeds, until one shows the failure. */
export interface Trial {
  /** Bare elections are some hundred times as fast as whole actors. */
  readonly host: "bare" | "actors";
  readonly schedule: Schedule;
  readonly seeds: readonly string[];
  readonly culprit: Culprit;
}

/** What came of a trial. */
export interface TrialResult {
  /** Place of the first seed that shows the failure; undefined if none does. */
  readonly place: number | undefined;
  readonly runs: number;
}

/** Runs the seeds in turn. */
export async function tryOut(
  { host, schedule, seeds, culprit }: Trial,
  signal?: AbortSignal,
): Promise<TrialResult> {
  const { mutant, protocol } = schedule.cluster;
  const step = stepWith(mutant, protocol);
  for (const [place, seed] of seeds.entries()) {
    const failed = host === "bare"
      ? runBare(schedule, seed, step, [culprit.id]) !== undefined
      : await failsWithActors(schedule, seed, culprit, signal);
    if (failed) return { place, runs: place + 1 };
  }
  return { place: undefined, runs: seeds.length };
}

async function failsWithActors(
  schedule: Schedule,
  seed: string,
  culprit: Culprit,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  const result = await runSchedule(schedule, { seed, mode: "sim", ...(signal && { signal }) });
  return shows(result, culprit);
}
