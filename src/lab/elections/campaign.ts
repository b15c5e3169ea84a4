import type { StepFunction } from "../../election/mod.ts";
import { type ChaosResult, runChaos } from "./chaos.ts";

/** What broke with a seed. */
export interface Failure {
  readonly seed: number;
  /** As in §1.8; `L1`: no tracker was agreed on in time. */
  readonly invariant: string;
  readonly message: string;
}

/** Sums over many seeds. */
export interface CampaignReport {
  readonly seeds: number;
  readonly events: number;
  /** Virtual milliseconds. */
  readonly ms: number;
  readonly failures: readonly Failure[];
  /** The slowest recovery, ms. */
  readonly slowest: number;
  /** How often each kind of trace event happened. */
  readonly seen: Readonly<Record<string, number>>;
}

/** Failures that are kept. */
const KEPT = 20;

/** Runs seeds and sums up. */
export class Campaign {
  readonly #step: StepFunction | undefined;
  #report: CampaignReport = { seeds: 0, events: 0, ms: 0, failures: [], slowest: 0, seen: {} };

  /** @param step instead of the election's own: what a mutant does */
  constructor(step?: StepFunction) {
    this.#step = step;
  }

  get report(): CampaignReport {
    return this.#report;
  }

  /** Runs one seed; gives what broke. */
  run(seed: number): Failure | undefined {
    const result = runChaos(seed, this.#step);
    const failure = failureOf(result);
    this.#report = merge(this.#report, {
      seeds: 1,
      events: result.events,
      ms: result.ms,
      failures: failure === undefined ? [] : [failure],
      slowest: result.recoveredIn ?? 0,
      seen: Object.fromEntries(result.seen),
    });
    return failure;
  }

  /** Adds what was run elsewhere. */
  add(report: CampaignReport): void {
    this.#report = merge(this.#report, report);
  }
}

function failureOf({ seed, violations, recoveredIn }: ChaosResult): Failure | undefined {
  const [violation] = violations;
  if (violation !== undefined) {
    return { seed, invariant: violation.invariant, message: violation.message };
  }
  if (recoveredIn !== undefined) return undefined;
  return { seed, invariant: "L1", message: "a whole majority agrees on no tracker" };
}

function merge(a: CampaignReport, b: CampaignReport): CampaignReport {
  const seen: Record<string, number> = { ...a.seen };
  for (const [kind, count] of Object.entries(b.seen)) seen[kind] = (seen[kind] ?? 0) + count;
  return {
    seeds: a.seeds + b.seeds,
    events: a.events + b.events,
    ms: a.ms + b.ms,
    failures: [...a.failures, ...b.failures].slice(0, KEPT),
    slowest: Math.max(a.slowest, b.slowest),
    seen,
  };
}
