import type { SystemEvent } from "../../src/actor.ts";

/** Where the time of one election went, in ms. */
export interface Anatomy {
  /** From the kill to the first pre-vote: the wait for heartbeats that stay away. */
  readonly detect: number;
  /** From there to the candidacy that wins. */
  readonly prevote: number;
  /** From there to its quorum. */
  readonly vote: number;
  /** From the win to the last peer that follows. */
  readonly adopt: number;
  /** From the win to the tracker's names; beside `adopt`. */
  readonly register: number;
  /** Kill to win. */
  readonly win: number;
  /** Kill to agreement of all that are up. */
  readonly agree: number;
  /** Epochs that it took; 1 unless votes were split. */
  readonly epochs: number;
}

/**
 * The election after a kill, from the events since then. Undefined while they do not show the whole of it.
 *
 * @param epoch of the tracker that was killed
 * @param survivors peers that have to agree
 */
export function anatomyOf(
  events: readonly SystemEvent[],
  epoch: number,
  survivors: number,
): Anatomy | undefined {
  const killed = events.find(({ kind }) => kind === "fault.crash");
  const win = events.findLast(({ kind, data }) =>
    kind === "election.win" && Number(data["epoch"]) > epoch
  );
  if (killed === undefined || win === undefined) return undefined;
  const won = Number(win.data["epoch"]);
  const tracker = win.data["peer"];
  const of = (kind: string): SystemEvent | undefined =>
    events.find((event) =>
      event.kind === kind && event.data["peer"] === tracker && event.data["epoch"] === won
    );
  const first = events.find(({ kind, data }) =>
    kind === "election.prevote" && Number(data["epoch"]) > epoch
  );
  const candidate = of("election.candidate");
  const registered = of("tracker.registered");
  const following = new Map<unknown, number>();
  for (const { kind, at, data } of events) {
    if (kind !== "peer.role" || data["tracker"] !== tracker || data["epoch"] !== won) continue;
    if (!following.has(data["peer"])) following.set(data["peer"], at);
  }
  if (first === undefined || candidate === undefined || registered === undefined) return undefined;
  if (following.size < survivors) return undefined;
  const agreed = Math.max(...following.values());
  return {
    detect: first.at - killed.at,
    prevote: candidate.at - first.at,
    vote: win.at - candidate.at,
    adopt: agreed - win.at,
    register: registered.at - win.at,
    win: win.at - killed.at,
    agree: agreed - killed.at,
    epochs: won - epoch,
  };
}
