import type { Change } from "./config.ts";
import type { PeerId } from "./identity.ts";
import type { RecordRead } from "./record.ts";
import type { TraceEvent } from "./trace.ts";
import type { DurableRecord } from "./durable.ts";
import type { Message, Outgoing } from "./wire.ts";

/** What happens to a peer. Times are given to `step` as `now`. */
export type Event =
  /** First of all, once per life: what the disk holds (rows 1, 2). */
  | { readonly kind: "boot"; readonly disk: RecordRead }
  /** The timer of that generation is due. Early, late and stale ones are harmless. */
  | { readonly kind: "timer"; readonly generation: number }
  /** `from` must be true: the host knows who sent it. */
  | { readonly kind: "message"; readonly from: PeerId; readonly message: Message }
  /** That write of that life is safe on disk, and its messages have been sent. */
  | { readonly kind: "persisted"; readonly write: number; readonly incarnation: number }
  /** That write failed; its messages were dropped. */
  | {
    readonly kind: "persist_failed";
    readonly write: number;
    readonly incarnation: number;
    readonly why: string;
  }
  /** `peer` has ended and cannot serve any more (row 27); ignored unless the option `downDetector` is on. */
  | { readonly kind: "peer_down"; readonly peer: PeerId }
  /** The registry knows a tracker of that epoch (row 28). */
  | { readonly kind: "registry_epoch"; readonly epoch: number }
  /** Peers outside of the electorate that want heartbeats; replaces those given before. */
  | { readonly kind: "learners"; readonly peers: readonly PeerId[] }
  /**
   * How many other voters the host can send to. A round that cannot reach a quorum is not begun, and the first one that
   * can begins soon. Unless told, all.
   */
  | { readonly kind: "reach"; readonly voters: number }
  /** A tracker adds a voter, or removes one (§1.6); `config_agreed` or `config_refused` follow. */
  | { readonly kind: "reconfigure"; readonly change: Change }
  /** The host's event loop lags by `ms`: a follower waits that much longer (§2.1, Lifeguard). 0 takes it back. */
  | { readonly kind: "lag"; readonly ms: number }
  /** The console's `election`: a follower starts a pre-vote at once, a tracker resigns. */
  | { readonly kind: "campaign" }
  /** A tracker resigns (row 25); others do nothing. */
  | { readonly kind: "resign" }
  /** The peer ends in order (row 25). Nothing but `boot` is heard after it. */
  | { readonly kind: "stop" };

/** What the host has to do, in this order. */
export type Effect =
  /**
   * Write `record` and make it survive a crash; then send `then`; then feed `persisted` with `write`. Writes must
   * reach the disk in the order asked for; steps go on meanwhile.
   */
  | {
    readonly kind: "persist";
    readonly write: number;
    readonly record: DurableRecord;
    readonly then: readonly Outgoing[];
  }
  | { readonly kind: "send"; readonly to: PeerId; readonly message: Message }
  /** Feed `timer` at `at` (ms on the peer's clock). The one timer of this peer: it replaces those asked for before. */
  | { readonly kind: "timer"; readonly at: number; readonly generation: number }
  /** Publish the name of that epoch (§1.5); retry until it works or `unregister` comes. */
  | { readonly kind: "register"; readonly epoch: number }
  /** Withdraw it, if it is still this peer's. */
  | { readonly kind: "unregister"; readonly epoch: number }
  | { readonly kind: "emit"; readonly event: TraceEvent };
