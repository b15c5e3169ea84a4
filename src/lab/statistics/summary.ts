import type { CheckResult, Mode, Verdict } from "../run/mod.ts";
import type { Distribution } from "./distribution.ts";
import type { FailoverPart } from "./metrics.ts";

/** One check over all runs. */
export interface CheckSummary {
  readonly check: string;
  readonly pass: number;
  readonly fail: number;
  readonly inconclusive: number;
  /** Of the first run that failed it, with that run's seed. */
  readonly firstFailure?: CheckResult & { readonly seed: string };
}

/** `summary.json`: what many runs of one schedule came to. Times in ms. */
export interface Summary {
  readonly v: 1;
  readonly name: string;
  readonly mode: Mode;
  /** `fail` if one run failed; `inconclusive` if none did and none passed. */
  readonly verdict: Verdict;
  readonly runs: Readonly<Record<Verdict, number>> & { readonly all: number };
  /** Seeds of the runs that failed. */
  readonly failed: readonly string[];
  /** Seed of the run to look at first: the first that failed, else the one with the longest failover. */
  readonly worst?: string;
  readonly checks: readonly CheckSummary[];
  /** Of each part; none if no tracker was lost. */
  readonly failover: Readonly<Partial<Record<FailoverPart, Distribution>>>;
  /** The least that a failover takes in the mean, and how many times that it took to win. */
  readonly floor?: { readonly ms: number; readonly ratio?: number };
  /** The part of the failovers in which a candidacy ended without a winner; undefined without failovers. */
  readonly splitRate?: number;
  /** Epochs per failover. */
  readonly epochs?: number;
  /** Elections that no fault called for. */
  readonly spurious: { readonly count: number; readonly perHour: number };
  /** Between peers, of all runs, by kind. */
  readonly messages: Readonly<Record<string, number>>;
  /** Per run, without a serving tracker. */
  readonly unavailable?: Distribution;
  readonly downloads: { readonly done: number; readonly failed: number; readonly bytes: number };
  /** By which the worst event loop was late (live only). */
  readonly lag?: number;
  /** Of the runs' own time, all together. */
  readonly ms: number;
  /** That they took, all together. */
  readonly tookMs: number;
  /** What to know when reading the figures: sentences. */
  readonly notes: readonly string[];
}
