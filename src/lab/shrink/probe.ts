import type { Schedule } from "../scenario/schedule.ts";

/**
 * Runs a schedule with seeds, and gives the place of the first of `seeds` with which it fails as it should; undefined if none does. Calls
 * `ran` after runs.
 */
export type Probe = (
  schedule: Schedule,
  seeds: readonly string[],
  ran: (runs: number) => void,
) => Promise<number | undefined>;

/** How much a search may cost. */
export interface Budget {
  /** Runs, at most. */
  readonly runs: number;
  /** Ms, at most. */
  readonly ms: number;
}

/** One change that was tried. */
export interface Attempt {
  /** As `without f3, f4` or `f2: for 900 -> 450`. */
  readonly what: string;
  /** Seeds that it was tried with. */
  readonly runs: number;
  /** Whether it still failed, and was kept. */
  readonly kept: boolean;
  /** The seed with which it failed. */
  readonly seed?: string;
  /** Faults and pieces of work in it. */
  readonly size: number;
}

/** Where a search is. */
export interface ShrinkProgress {
  readonly phase: string;
  readonly runs: number;
  readonly ms: number;
  readonly faults: number;
  /** Seeds per change at present. */
  readonly seeds: number;
}
