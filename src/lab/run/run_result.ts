import type { FaultVerb } from "../../cluster/mod.ts";

/** Where a run takes place. */
export type Mode = "sim" | "live";

/** `inconclusive`: what would decide never happened (a fault never fired, no sample). */
export type Verdict = "pass" | "fail" | "inconclusive";

/** A fault as it was carried out: with the peers that it struck. */
export interface FiredFault {
  /** `f3`, or `f3.2` for the second time that the planned fault `f3` fired. */
  readonly id: string;
  /** The planned fault. */
  readonly planned: string;
  /** Ms from the start of the run. */
  readonly at: number;
  readonly verb: FaultVerb;
  readonly peers: readonly string[];
  readonly with: Readonly<Record<string, unknown>>;
  /** Ms that it was to last; absent: until teardown, or at once over. */
  readonly for?: number;
  /** Ms from the start of the run. */
  readonly undoneAt?: number;
  /** Why it could not be carried out. */
  readonly failed?: string;
}

/** What came of one check. */
export interface CheckResult {
  /** `one-winner-per-epoch`, `failover.p99 < 500`... */
  readonly check: string;
  readonly verdict: Verdict;
  /** One sentence; of a failure: what was seen, and where. */
  readonly message: string;
  readonly measured?: number;
  readonly limit?: number;
  /** Lines of the trace that show it, by their `seq`. */
  readonly evidence?: readonly number[];
  /** The invariant that broke (I1 to I10, L1...) and whose doing: what must stay the same while a failure is shrunk. */
  readonly culprit?: string;
}

/** The loss of one tracker and the rise of the next; all in ms. */
export interface Failover {
  /** From the start of the run, when the tracker was lost. */
  readonly at: number;
  readonly lost: string;
  readonly next: string;
  readonly epoch: number;
  /** Until the first peer gave the tracker up. */
  readonly detect: number;
  /** From then until the winner's epoch rose, ... */
  readonly prevote: number;
  /** ... until it won, ... */
  readonly vote: number;
  /** ... until it had its name (0 if adopted before), ... */
  readonly register: number;
  /** ... and until all that are up followed it. */
  readonly adopt: number;
  /** From the loss until the win. */
  readonly win: number;
  /** From the loss until all agreed. */
  readonly all: number;
  /** Epochs that it took. */
  readonly epochs: number;
  /** Whether some candidacy in between ended without a winner. */
  readonly split: boolean;
}

/** What was counted in one run. */
export interface RunStats {
  readonly failovers: readonly Failover[];
  /** Trackers that changed although none was lost by a fault. */
  readonly spurious: number;
  readonly epochs: number;
  /** Messages between peers, by kind. */
  readonly messages: Readonly<Record<string, number>>;
  /** Ms without a serving tracker. */
  readonly unavailable: number;
  readonly downloads: {
    readonly done: number;
    readonly failed: number;
    readonly bytes: number;
  };
  /** Ms by which the worst event loop was late (live only). */
  readonly lag?: number;
}

/** One execution of a schedule with one seed. */
export interface RunResult {
  readonly v: 1;
  readonly name: string;
  readonly seed: string;
  readonly mode: Mode;
  readonly verdict: Verdict;
  readonly checks: readonly CheckResult[];
  readonly fired: readonly FiredFault[];
  readonly stats: RunStats;
  /** Ids of the faults that the end of the run undid. */
  readonly undone: readonly string[];
  /** Ms of the run's own time. */
  readonly ms: number;
  /** Ms that it took. */
  readonly tookMs: number;
}

/**
 * One line of `events.ndjson`, the trace of a run. Logs, checks and the report are views of it.
 */
export interface TraceLine {
  readonly v: 1;
  readonly seq: number;
  /** Ms from the start of the run. */
  readonly t: number;
  /** As in docs/events.md. */
  readonly kind: string;
  readonly peer?: string;
  /** How often the peer had started before. */
  readonly inc?: number;
  readonly epoch?: number;
  readonly role?: string;
  /** `seq` of what brought this about: the sending of what was received, the message or timer or fault that led to a step. */
  readonly cause?: number;
  readonly data?: Readonly<Record<string, unknown>>;
}
