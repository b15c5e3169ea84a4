import type { SeenDownload } from "../checks/observations.ts";
import { failoversOf } from "./failovers.ts";
import type { RunStats, TraceLine } from "./run_result.ts";

/** What is counted in one run that lasted `ms` ms. */
export function statsOf(
  journal: readonly TraceLine[],
  messages: Readonly<Record<string, number>>,
  downloads: readonly SeenDownload[],
  ms: number,
): RunStats {
  const { failovers, spurious } = failoversOf(journal);
  const done = downloads.filter((download) => download.done !== undefined);
  let epochs = 0;
  let lag: number | undefined;
  for (const { kind, epoch = 0, data = {} } of journal) {
    if (kind.startsWith("election.") && epoch > epochs) epochs = epoch;
    if (kind === "election.lag") lag = Math.max(lag ?? 0, Number(data["ms"]));
  }
  return {
    failovers,
    spurious,
    epochs,
    messages: { ...messages },
    unavailable: unavailableMs(journal, ms),
    downloads: {
      done: done.length,
      failed: downloads.length - done.length,
      bytes: done.reduce((sum, { bytes = 0 }) => sum + bytes, 0),
    },
    ...(lag !== undefined && { lag }),
  };
}

/** Ms between 0 and `end` in which no tracker served by a lease that holds. */
export function unavailableMs(journal: readonly TraceLine[], end: number): number {
  const serving = new Map<string, number>();
  const spans: [from: number, until: number][] = [];
  const leave = (peer: string, until: number): void => {
    const from = serving.get(peer);
    if (from !== undefined) spans.push([from, until]);
    serving.delete(peer);
  };
  for (const { kind, peer = "", t, data = {} } of journal) {
    if (kind === "election.lease_gained") serving.set(peer, serving.get(peer) ?? t);
    else if (kind === "peer.down") leave(peer, t);
    else if (kind === "election.lease_lost") leave(peer, t);
    else if (kind === "election.served") leave(peer, servedUntil(t, data));
  }
  for (const peer of [...serving.keys()]) leave(peer, end);
  let covered = 0;
  let upTo = 0;
  for (const [from, until] of spans.sort(([a], [b]) => a - b)) {
    const begin = Math.max(from, upTo);
    const stop = Math.min(until, end);
    if (stop > begin) covered += stop - begin;
    upTo = Math.max(upTo, stop);
  }
  return Math.max(0, end - covered);
}

/** On the clock of `t`. A bare election has no other. */
function servedUntil(t: number, { lapsed, until }: Readonly<Record<string, unknown>>): number {
  return typeof lapsed === "number" ? t - lapsed : Math.min(t, Number(until ?? t));
}
