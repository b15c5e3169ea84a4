import type { Target } from "./api.ts";

/** How messages from one peer to another travel while a fault lasts; what is left out is as usual. */
export interface LinkFault {
  /** Milliseconds that every message takes longer. */
  readonly delay?: number;
  /** Milliseconds, at most, that are added at random to the delay. */
  readonly jitter?: number;
  /** The part of the messages that is lost, 0 to 1. */
  readonly loss?: number;
  /** The part that arrives twice, 0 to 1. */
  readonly duplication?: number;
  /** The part that those sent later may overtake, 0 to 1. */
  readonly reordering?: number;
  /** What is sent is lost. */
  readonly blocked?: boolean;
  /** What is sent waits until the fault is undone. */
  readonly held?: boolean;
}

/** What a peer's disk does wrong while a fault lasts. */
export interface DiskFault {
  /** Milliseconds that every operation takes longer. */
  readonly slow?: number;
  /** Every write fails with EIO. */
  readonly failing?: boolean;
  /** Every write fails with ENOSPC. */
  readonly full?: boolean;
  /** Nothing is ever written: operations that write never end while the fault lasts. */
  readonly stalled?: boolean;
}

/** How a peer's clock goes while a fault lasts. */
export interface ClockFault {
  /** Milliseconds of its clock per millisecond; 1 is right, 1.02 is 2 % fast. */
  readonly rate?: number;
  /** Milliseconds that its monotonic clock jumps ahead, once. */
  readonly jump?: number;
  /** Milliseconds that its wall clock is ahead. */
  readonly skew?: number;
}

/** A fault that lasts, and how it ends. */
export interface Undo extends AsyncDisposable {
  readonly id: number;
  /** Idempotent. Does nothing to a peer that is gone. */
  undo(): Promise<void>;
}

/** A fault that lasts still. */
export interface ActiveFault {
  readonly id: number;
  readonly verb: FaultVerb;
  readonly peers: readonly string[];
  /** Ms since the cluster was made. */
  readonly since: number;
}

/** All that can be done to a cluster. */
export type FaultVerb =
  | "crash"
  | "restart"
  | "wipe"
  | "pause"
  | "slow"
  | "link"
  | "partition"
  | "disk"
  | "tear"
  | "clock"
  | "resign"
  | "campaign"
  | "addVoter"
  | "removeVoter"
  | "registry"
  | "timers";

/**
 * The faults of a cluster, the same on threads and in simulation. Faults that last give a handle; faults on one link add up, and each
 * is undone alone. Every one is told as an event `fault.<verb>` with its `id` and the peers that it concerns, its end as `fault.undone`.
 */
export interface Faults {
  /** Why this runtime cannot do `verb`; undefined if it can. */
  refusal(verb: FaultVerb): string | undefined;
  /** Changes every link from one of `from` to one of `to`, in this direction. */
  link(from: readonly Target[], to: readonly Target[], fault: LinkFault): Undo;
  /**
   * No message passes between peers that share no group; who is in no group is alone, who is in several is a bridge. With `oneWay`
   * messages still pass from earlier groups to later ones.
   */
  partition(groups: readonly (readonly Target[])[], options?: { readonly oneWay?: boolean }): Undo;
  /**
   * The peer hears, does and says nothing until this is undone; then it goes on as if nothing had been. It is not killed, however long
   * that lasts; ends it all the same (a crash, a restart), the pause is over.
   */
  pause(peer: Target): Undo;
  /** Everything that the peer handles takes `ms` milliseconds of its thread's time. */
  slow(peer: Target, ms: number): Undo;
  disk(peer: Target, fault: DiskFault): Undo;
  /**
   * Crashes the peer and leaves its last vote half written: it starts again as a learner, since nobody knows what it promised. One
   * that is down already stays so.
   */
  tear(peer: Target): Promise<void>;
  /** Crashes the peer and takes its state (not its shared folder) away; it starts again as a learner. One that is down already stays so. */
  wipe(peer: Target): Promise<void>;
  /** Only in simulation. */
  clock(peer: Target, fault: ClockFault): Undo;
  /** A tracker steps down with a word to its followers. */
  resign(peer: Target): Promise<void>;
  /**
   * Lets the peers' election timers end at one moment after the last heartbeat that they hear (a split vote), or far from each other.
   * From the next heartbeat or round on, until each peer's next epoch. Default: all that are up.
   */
  timers(how: "align" | "spread", peers?: readonly Target[]): Promise<void>;
  /** The name server is down until this is undone. See `Cluster.crashRegistry` for one that is restarted at once. */
  registry(): Undo;
  /** The faults that last. */
  active(): readonly ActiveFault[];
  /** Undoes all that lasts, links first; gives what that was. */
  undoAll(): Promise<readonly ActiveFault[]>;
}
