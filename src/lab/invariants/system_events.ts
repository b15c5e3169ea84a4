import type { SystemEvent } from "../../actor/mod.ts";
import type { Observed } from "./observed.ts";
import type { TraceChecker } from "./checker.ts";

/**
 * Shows an event of a running cluster to a checker.
 *
 * @example
 * ```ts
 * const checker = new TraceChecker({ voters: cluster.peers }, complain);
 * cluster.on("*", (event) => seeSystemEvent(checker, event));
 * ```
 */
export function seeSystemEvent(checker: TraceChecker, { kind, at, data }: SystemEvent): void {
  const { peer, ...facts } = data;
  if (typeof peer !== "string") return;
  const observed = observedKind(kind);
  // The fields are those of the trace event that the peer's host spread into the data.
  if (observed !== undefined) {
    checker.see(at, peer, { ...facts, kind: observed } as unknown as Observed);
  }
}

function observedKind(kind: string): string | undefined {
  if (kind === "peer.down") return "down";
  if (kind === "tracker.registered") return "registered";
  return kind.startsWith("election.") ? kind.slice("election.".length) : undefined;
}
