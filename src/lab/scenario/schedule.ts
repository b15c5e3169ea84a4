import type { ClusterSettings, FaultVerb } from "../../cluster/mod.ts";

/** Milliseconds, or a range of them from which each use draws one. */
export type Span = number | { readonly min: number; readonly max: number };

/**
 * Whom a fault strikes, resolved when it fires: `one`, `minority`, `majority`, `minority-third`, `tracker`, `candidate`, `followers`, `rest`,
 * `all`, `crashed`, `@event.peer`, or peer ids.
 */
export type Who = string | readonly string[];

/** When something happens. */
export type Trigger =
  /** Ms from the start of the run. */
  | { readonly at: Span }
  /** Again and again, with a span in between. */
  | { readonly every: Span; readonly from?: number; readonly until?: number }
  /** After the `nth` (default 1; 0: each) event of a kind whose data has these fields. */
  | {
    readonly event: string;
    readonly nth?: number;
    readonly where?: Readonly<Record<string, unknown>>;
    readonly after?: Span;
  };

/** `nemesis` draws a verb of its weighted `mix` each time that it fires; `undo` ends the faults of the given ids. */
export type ScheduledVerb = FaultVerb | "nemesis" | "undo";

/** One fault of a schedule. */
export interface PlannedFault {
  /** Unique in its schedule: `f1`... unless named. */
  readonly id: string;
  readonly when: Trigger;
  readonly verb: ScheduledVerb;
  readonly who?: Who;
  /** How long it lasts; for ever (until teardown) if absent. A crash without it is restarted by the supervisor. */
  readonly for?: Span;
  /** What the verb needs besides: `how`, `shape`, `groups`, `delay`, `loss`, `keepDisk`... */
  readonly with?: Readonly<Record<string, unknown>>;
}

/** What peers are asked to do meanwhile. */
export interface PlannedWork {
  readonly id: string;
  readonly when: Trigger;
  readonly work: "download" | "search" | "refresh" | "addFile" | "removeFile";
  readonly who?: Who;
  readonly with?: Readonly<Record<string, unknown>>;
}

/** What is demanded of a run. */
export interface PlannedCheck {
  /** A name from the list of checks, or `stat` for a threshold. */
  readonly check: string;
  /** `failover.p99`... for `stat`. */
  readonly stat?: string;
  readonly op?: "<" | "<=" | ">" | ">=" | "==";
  readonly limit?: number;
  /** Ms, where something must hold within a time. */
  readonly within?: number;
}

/** The cluster of a run. */
export interface ClusterPlan extends
  Pick<
    ClusterSettings,
    | "peers"
    | "profile"
    | "timers"
    | "protocol"
    | "voters"
    | "quorum"
    | "unsafe"
    | "downDetector"
    | "restart"
  > {
  /** Files that each peer shares from the first. */
  readonly files?: {
    readonly perPeer: number;
    /** Bytes. */
    readonly size: Span;
    /** Peers that hold each file; default 1. */
    readonly holders?: number;
  };
  /** Ms that messages travel in simulation. */
  readonly latency?: Span;
  /** A peer with a bug planted in it, by name: for lessons on finding and shrinking. */
  readonly mutant?: string;
}

/**
 * What a scenario comes to, whatever it was written in: all that a run does besides its seed. A schedule is concrete when every
 * trigger is `at` a number and every `who` a list of peer ids: what was resolved in a run, and what is replayed and shrunk.
 */
export interface Schedule {
  readonly v: 1;
  readonly name: string;
  /** What it teaches, one sentence. */
  readonly teaches?: string;
  readonly cluster: ClusterPlan;
  readonly faults: readonly PlannedFault[];
  readonly work: readonly PlannedWork[];
  readonly checks: readonly PlannedCheck[];
  /** Ms: no fault begins after it, and what lasts then is undone. */
  readonly until: number;
  /** Ms after `until` within which all must be well again. */
  readonly quiet: number;
  /** A check that fails in some run: what the scenario is there to show. */
  readonly fails?: string;
}
