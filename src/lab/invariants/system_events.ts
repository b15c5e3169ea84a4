import type { SystemEvent } from "../../actor/mod.ts";
import type { PeerId } from "../../election/mod.ts";
import type { TraceChecker } from "./checker.ts";
import type { Observed } from "./observed.ts";

/**
 * Shows the events of a running cluster to a checker. A peer that lost its disk votes under another id from then on, which its
 * election's events name; what else is told of it belongs to the last one.
 *
 * @example
 * ```ts
 * const feed = new SystemEventFeed(new TraceChecker({ voters: cluster.peers }, complain));
 * cluster.on("*", (event) => feed.see(event));
 * ```
 */
export class SystemEventFeed {
  readonly #checker: TraceChecker;
  readonly #voters = new Map<string, PeerId>();

  constructor(checker: TraceChecker) {
    this.#checker = checker;
  }

  /** Gives what it showed to the checker; undefined for what invariants do not look at. */
  see({ kind, at, data }: SystemEvent): Observed | undefined {
    const { peer, voter, ...facts } = data;
    const observed = observedKind(kind);
    if (typeof peer !== "string" || observed === undefined) return undefined;
    if (kind.startsWith(ELECTION)) this.#voters.set(peer, typeof voter === "string" ? voter : peer);
    // The fields are those of the trace event that the peer's host spread into the data.
    const event = { ...facts, ...ended(at, facts), kind: observed } as unknown as Observed;
    this.#checker.see(at, this.#voters.get(peer) ?? peer, event);
    return event;
  }
}

const ELECTION = "election.";

/** When a lease ended, on the clock of `at`: the peer's own clock may be wrong, but a span on it is so by its drift only. */
function ended(at: number, { lapsed }: Record<string, unknown>): { until?: number } {
  return typeof lapsed === "number" ? { until: at - lapsed } : {};
}

function observedKind(kind: string): string | undefined {
  if (kind === "peer.down") return "down";
  if (kind === "tracker.registered") return "registered";
  return kind.startsWith(ELECTION) ? kind.slice(ELECTION.length) : undefined;
}
