import type { PeerId, TraceEvent } from "../../election/mod.ts";

/** What the host of an election tells beside the election's own trace. */
export type HostEvent =
  /** The record is safe on disk; what depends on it has not been sent yet. */
  | { readonly kind: "stored"; readonly epoch: number; readonly votedFor: PeerId | undefined }
  /** A tracker left its office: its lease let it serve until `until` at the latest, ms as `at`. */
  | { readonly kind: "served"; readonly epoch: number; readonly until: number }
  /** The registry holds its names; `highest` is the epoch of the current tracker there. */
  | { readonly kind: "registered"; readonly epoch: number; readonly highest: number }
  /** It crashed, or ended. */
  | { readonly kind: "down" };

/** One event of a peer that the invariants look at. */
export type Observed = TraceEvent | HostEvent;

/** An event with its place in the run. */
export interface Occurrence {
  /** Milliseconds, on one clock for all peers. */
  readonly at: number;
  readonly peer: PeerId;
  readonly event: Observed;
}
