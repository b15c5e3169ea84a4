import type { Change, Config } from "./config.ts";
import { firstConfig } from "./config.ts";
import type { PeerId } from "./identity.ts";
import type { Settings } from "./options.ts";
import { quorumOf } from "./quorum.ts";
import { FOREVER, NEVER } from "./time.ts";
import type { Role } from "./trace.ts";

/** All that one peer knows about elections. Plain data; every field is always there. Times are ms on the peer's clock. */
export interface State {
  /** Constant. */
  readonly settings: Settings;
  /** `new` before `boot`, `stopped` after `stop`; in both nothing else is heard. */
  readonly phase: "new" | "up" | "stopped";
  readonly role: Role;

  /** As last asked to be written; a learner's epoch is only hearsay and is not written. */
  readonly epoch: number;
  /** In `epoch`; cleared by nothing but a higher epoch (R5). */
  readonly votedFor: PeerId | undefined;
  readonly config: Config;
  readonly incarnation: number;
  /** Whether the disk was lost: whom it voted for is unknown, so it may not vote under this peer id again (row 2). */
  readonly lost: boolean;

  /** Number of the last write asked for in this life. */
  readonly writes: number;
  /** The last write known to be on disk. */
  readonly durable: number;
  /** The last write known to have failed. */
  readonly failed: number;
  /** The write that holds the candidate's vote for itself. */
  readonly voteWrite: number;
  /** The write that holds `config`. */
  readonly configWrite: number;

  /** Whom it follows in `epoch`; itself as a tracker. */
  readonly tracker: PeerId | undefined;
  /** Empty without a tracker. */
  readonly trackerUri: string;
  /** Grants of the running round (pre-vote or vote), all of voters, each once. */
  readonly tally: readonly PeerId[];
  /** Rounds in vain since it last heard a tracker. */
  readonly fails: number;

  /** When a tracker was last heard: the promise to it lasts `timeoutMin` from then. */
  readonly lastHeard: number;
  /** When the role's timeout, or a tracker's next heartbeat, is due. */
  readonly deadline: number;
  /** When the host's timer fires: never after `deadline`, often before, so that a heartbeat moves no timer. */
  readonly armed: number;
  /** Of the host's timer; older ones are stale. */
  readonly generation: number;
  /** The host's lag, added to a follower's timeout. */
  readonly lag: number;
  /** Other voters that the host can send to; {@linkcode FOREVER} where it does not say. */
  readonly reach: number;
  /** Seq of the heartbeat whose answer waits for the disk; 0 for none. */
  readonly owed: number;

  /** A tracker's last round of heartbeats; 0 before the first. */
  readonly seq: number;
  /** When the last rounds were sent, the one of `seq` at the end. */
  readonly sent: readonly number[];
  /** Per voter, in the order of `config.voters`: when the newest heartbeat that it answered was sent. */
  readonly acks: readonly number[];
  /** The oldest of the newest acks that make a quorum with the tracker itself: the lease counts from here. */
  readonly ackBase: number;
  /** Until when a new tracker may be without a lease. */
  readonly graceUntil: number;
  /** At a tracker: the voters known to hold `config` on their disks, in this epoch. */
  readonly holders: readonly PeerId[];
  /** A change of the electorate that waits until the present one is agreed on. */
  readonly change: Change | undefined;
  /** Peers outside of the electorate that get heartbeats. */
  readonly learners: readonly PeerId[];
}

/**
 * A peer before its `boot`.
 *
 * @example
 * ```ts
 * const { settings } = resolveOptions({ peerId: "p1", uri: "peer://1", electorate: ["p1", "p2", "p3"] });
 * const disk = decodeRecord(bytes, "p1");
 * const { state, effects } = step(initialState(settings), { kind: "boot", disk }, clock.now(), random.next);
 * ```
 */
export function initialState(settings: Settings): State {
  return {
    settings,
    phase: "new",
    role: "learner",
    epoch: 0,
    votedFor: undefined,
    config: firstConfig(settings.electorate),
    incarnation: 0,
    lost: false,
    writes: 0,
    durable: 0,
    failed: 0,
    voteWrite: 0,
    configWrite: 0,
    tracker: undefined,
    trackerUri: "",
    tally: [],
    fails: 0,
    lastHeard: NEVER,
    deadline: FOREVER,
    armed: FOREVER,
    generation: 0,
    lag: 0,
    reach: FOREVER,
    owed: 0,
    seq: 0,
    sent: [],
    acks: [],
    ackBase: NEVER,
    graceUntil: NEVER,
    holders: [],
    change: undefined,
    learners: [],
  };
}

/** A peer's state for people: what `status` shows. */
export interface Description {
  readonly peerId: PeerId;
  readonly uri: string;
  readonly role: Role;
  readonly epoch: number;
  readonly tracker: PeerId | undefined;
  readonly trackerUri: string | undefined;
  /** In `epoch`. */
  readonly votedFor: PeerId | undefined;
  /** Of a pre-candidate or candidate: the epoch it asks for, grants so far, and how many elect. */
  readonly candidacy:
    | { readonly epoch: number; readonly votes: number; readonly needed: number }
    | undefined;
  readonly quorum: number;
  readonly config: Config;
  readonly incarnation: number;
  readonly fails: number;
  /** Whether a write is neither done nor known to have failed. */
  readonly writing: boolean;
}

/** Sums up a state. */
export function describe(state: State): Description {
  const { settings, role, epoch, tally, config } = state;
  const quorum = quorumOf(settings, config);
  const asks = role === "candidate" || role === "precandidate";
  return {
    peerId: settings.peerId,
    uri: settings.uri,
    role,
    epoch,
    tracker: state.tracker,
    trackerUri: state.tracker === undefined ? undefined : state.trackerUri,
    votedFor: state.votedFor,
    candidacy: asks
      ? { epoch: role === "candidate" ? epoch : epoch + 1, votes: tally.length, needed: quorum }
      : undefined,
    quorum,
    config,
    incarnation: state.incarnation,
    fails: state.fails,
    writing: isWriting(state),
  };
}

/** Whether a write is on its way. */
export function isWriting(state: State): boolean {
  return state.writes > state.durable && state.writes > state.failed;
}
