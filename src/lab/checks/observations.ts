import type { PeerView } from "../../cluster/mod.ts";
import type { FoundFile, SharedFile } from "../../peer/reports.ts";
import type { FiredFault, Mode, RunStats, TraceLine } from "../run/run_result.ts";
import type { Schedule } from "../scenario/schedule.ts";

/** A broken invariant of the election, with the lines of the trace that prove it. */
export interface SeenViolation {
  /** `I1` to `I10`. */
  readonly invariant: string;
  readonly message: string;
  readonly evidence: readonly number[];
  readonly peers: readonly string[];
}

/** A download that was asked for, and what became of it. Times are ms from the start of the run. */
export interface SeenDownload {
  readonly peer: string;
  readonly name: string;
  readonly asked: number;
  /** When it was there. */
  readonly done?: number;
  readonly bytes?: number;
  /** Whether what is on the disk is what was shared; of finished ones. */
  readonly intact?: boolean;
  /** Why it did not come. */
  readonly failed?: string;
  /** Attempts, from 1: a peer that crashed is asked again. */
  readonly attempts: number;
  readonly resumed?: number;
}

/** What was seen when all had been undone and the cluster had had its time to recover. */
export interface Recovery {
  /** When everything had been undone, ms from the start of the run. */
  readonly healedAt: number;
  /** When all that were up agreed on one tracker, for good; absent: they never did. */
  readonly agreedAt?: number;
  /** When its catalogue was what the living peers share; absent: it never was. */
  readonly catalogueAt?: number;
  readonly view: readonly PeerView[];
  /** What a peer lists as the network's files, and what every living peer shares. */
  readonly network: readonly FoundFile[] | undefined;
  readonly shared: Readonly<Record<string, readonly SharedFile[]>>;
  /**
   * Asks without an answer at the end, by thread: those that nothing but an answer ends. What has a timeout is on its way, in a cluster
   * that works; what stands while a peer follows its tracker is not to be answered.
   */
  readonly pending: Readonly<Record<string, number>>;
}

/** All that checks judge: what was planned, what happened, and how the cluster was at the end. */
export interface Observations {
  readonly schedule: Schedule;
  readonly seed: string;
  readonly mode: Mode;
  readonly fired: readonly FiredFault[];
  readonly violations: readonly SeenViolation[];
  /** The trace, without the most frequent kinds. */
  readonly journal: readonly TraceLine[];
  readonly downloads: readonly SeenDownload[];
  readonly recovery: Recovery;
  readonly stats: RunStats;
}
