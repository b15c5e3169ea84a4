import { PROFILES } from "../../election/mod.ts";
import type { RunResult } from "../run/mod.ts";
import type { ClusterPlan } from "../scenario/schedule.ts";
import { ENOUGH_FOR_P99 } from "./quantile.ts";

/** What makes the figures of some runs say less than they seem to. */
export function notesOn(
  results: readonly RunResult[],
  cluster: ClusterPlan | undefined,
): readonly string[] {
  const notes: string[] = [];
  const failovers = results.reduce((sum, { stats }) => sum + stats.failovers.length, 0);
  if (failovers > 0 && failovers < ENOUGH_FOR_P99) {
    notes.push(`No p99 of ${failovers} failovers: it takes ${ENOUGH_FOR_P99}.`);
  }
  const limit = timeoutMinOf(cluster) / 10;
  const late = results.filter(({ stats }) => (stats.lag ?? 0) > limit);
  if (late.length > 0) {
    notes.push(
      `In ${late.length} of ${results.length} runs an event loop was late by more than a tenth of the shortest timeout (${limit} ms): ` +
        "their elections say as much about this machine.",
    );
  }
  const missed = results.flatMap(({ fired }) => fired.filter(({ failed }) => failed !== undefined));
  if (missed.length > 0) {
    notes.push(`${missed.length} faults could not be carried out: ${missed[0]!.failed}`);
  }
  return notes;
}

function timeoutMinOf(cluster: ClusterPlan | undefined): number {
  const { profile = "default", timers } = cluster ?? {};
  return timers?.timeoutMin ?? PROFILES[profile].timeoutMin;
}
