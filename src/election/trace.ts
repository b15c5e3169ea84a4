import type { Change } from "./config.ts";
import type { PeerId } from "./identity.ts";
import type { DenyReason } from "./wire.ts";

/** What a peer is. */
export type Role = "learner" | "follower" | "precandidate" | "candidate" | "tracker";

/** Why a role was left. */
export type StepDownReason =
  /** A higher epoch exists (rows 10, 17, 18, 20, 28). */
  | "higher_epoch"
  /** The round ended without quorum (row 3). */
  | "timeout"
  /** A tracker of the same epoch spoke up (row 18). */
  | "tracker_found"
  /** A quorum no longer answers (row 24). */
  | "lease_lost"
  /** It was asked to, or stops (row 25). */
  | "resign"
  /** Two trackers of one epoch, which the rules exclude: the larger URI gives way (row 20). */
  | "violation"
  /** The electorate changed under a candidate (§1.6). */
  | "config";

/** Why a peer took over a higher epoch. */
export type AdoptReason = "vote" | "reply" | "heartbeat" | "registry" | "config";

/** Why a tracker is no longer followed. */
export type ForgetReason = "timeout" | "resigned" | "down" | "campaign";

/** Why a peer may not vote. */
export type LearnerReason =
  | "missing"
  | "torn"
  | "foreign"
  | "newer"
  | "not_in_electorate"
  | "removed";

/** Why a change of the electorate is not taken on. */
export type ChangeRefusal =
  /** Only a tracker changes the electorate. */
  | "not_tracker"
  /** One change at a time: another waits until the electorate before it is agreed on. */
  | "busy"
  /** A tracker does not remove itself: its successor does. */
  | "resign_first";

/**
 * What happened inside one step, sufficient for the invariants of §1.8. The host adds peer, incarnation and time.
 * Heartbeats are left out: there are too many of them.
 */
export type TraceEvent =
  | { readonly kind: "boot"; readonly epoch: number; readonly incarnation: number }
  | { readonly kind: "learner"; readonly why: LearnerReason; readonly detail: string }
  /** The electorate of the disk is not the one of the options, and goes before it. */
  | {
    readonly kind: "config_kept";
    readonly kept: readonly PeerId[];
    readonly asked: readonly PeerId[];
  }
  /** A learner may vote from now on. */
  | { readonly kind: "voter"; readonly epoch: number }
  /** Another electorate is taken over, or made by this tracker; its id is (`epoch`, `version`). */
  | {
    readonly kind: "config";
    readonly epoch: number;
    readonly version: number;
    readonly voters: readonly PeerId[];
    readonly before: readonly PeerId[];
  }
  /** A quorum holds the electorate (`epoch`, `version`): nobody can be elected under an older one any more. */
  | {
    readonly kind: "config_agreed";
    readonly epoch: number;
    readonly version: number;
    readonly voters: readonly PeerId[];
  }
  | { readonly kind: "config_refused"; readonly change: Change; readonly why: ChangeRefusal }
  /** The tracker left its office before it carried the change out. */
  | { readonly kind: "config_dropped"; readonly change: Change }
  /** A pre-vote for `epoch` begins; `fails` rounds went before it in vain. */
  | { readonly kind: "prevote"; readonly epoch: number; readonly fails: number }
  | { readonly kind: "prevote_grant"; readonly epoch: number; readonly candidate: PeerId }
  /** A pre-candidate leaves the field to a smaller one (row 5). */
  | { readonly kind: "yield"; readonly epoch: number; readonly to: PeerId }
  /** The epoch rose; the write of the self-vote is `write`. */
  | { readonly kind: "candidate"; readonly epoch: number; readonly write: number }
  /** A vote is given; its answer leaves after `write`. `again`: it was given before (row 12). */
  | {
    readonly kind: "grant";
    readonly epoch: number;
    readonly candidate: PeerId;
    readonly write: number;
    readonly again: boolean;
  }
  | {
    readonly kind: "deny";
    readonly request: "prevote" | "vote";
    readonly epoch: number;
    readonly candidate: PeerId;
    readonly why: DenyReason;
  }
  /** A live candidate gives its own vote to a smaller one (R4); a `grant` follows. */
  | { readonly kind: "cede"; readonly epoch: number; readonly to: PeerId }
  /** A grant is counted, `votes` of the `needed`. */
  | {
    readonly kind: "count";
    readonly epoch: number;
    readonly from: PeerId;
    readonly votes: number;
    readonly needed: number;
  }
  | {
    readonly kind: "win";
    readonly epoch: number;
    readonly tally: readonly PeerId[];
    readonly quorum: number;
  }
  | {
    readonly kind: "stepdown";
    readonly epoch: number;
    readonly role: "candidate" | "precandidate" | "tracker";
    readonly why: StepDownReason;
  }
  | {
    readonly kind: "adopt";
    readonly epoch: number;
    readonly before: number;
    readonly why: AdoptReason;
  }
  | { readonly kind: "follow"; readonly epoch: number; readonly tracker: PeerId }
  | {
    readonly kind: "forget";
    readonly epoch: number;
    readonly tracker: PeerId;
    readonly why: ForgetReason;
  }
  /** The write numbered `write` was asked for. */
  | {
    readonly kind: "persist";
    readonly write: number;
    readonly epoch: number;
    readonly votedFor: PeerId | undefined;
  }
  | { readonly kind: "persisted"; readonly write: number }
  | { readonly kind: "persist_failed"; readonly write: number; readonly why: string }
  | { readonly kind: "register"; readonly epoch: number }
  | { readonly kind: "unregister"; readonly epoch: number }
  /** A quorum answered: the tracker may serve until `until`, ms on its own clock. */
  | { readonly kind: "lease_gained"; readonly epoch: number; readonly until: number }
  | { readonly kind: "lease_lost"; readonly epoch: number; readonly until: number }
  | { readonly kind: "resign"; readonly epoch: number }
  /** What the rules exclude was seen; `invariant` as in §1.8. */
  | {
    readonly kind: "violation";
    readonly invariant: "I1";
    readonly epoch: number;
    readonly peers: readonly PeerId[];
  }
  /** The host's lag, ms, moved the follower's deadline. */
  | { readonly kind: "lag"; readonly ms: number; readonly deadline: number }
  | { readonly kind: "stop" };
