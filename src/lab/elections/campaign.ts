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
  /** The first ones. */
  readonly failures: readonly Failure[];
  /** The slowest recovery, ms. */
  readonly slowest: number;
  /** How often each kind of trace event happened. */
  readonly seen: ReadonlyMap<string, number>;
}

/** Failures that are kept. */
const KEPT = 20;

/** Runs seeds and sums up. */
export class Campaign {
  readonly #step: StepFunction | undefined;
  readonly #failures: Failure[] = [];
  readonly #seen = new Map<string, number>();
  #seeds = 0;
  #events = 0;
  #ms = 0;
  #slowest = 0;

  /** @param step instead of the election's own: what a mutant does */
  constructor(step?: StepFunction) {
    this.#step = step;
  }

  get report(): CampaignReport {
    return {
      seeds: this.#seeds,
      events: this.#events,
      ms: this.#ms,
      failures: this.#failures,
      slowest: this.#slowest,
      seen: this.#seen,
    };
  }

  /** Runs one seed; gives what broke. */
  run(seed: number): Failure | undefined {
    const result = runChaos(seed, { step: this.#step });
    const failure = failureOf(result);
    const { events, ms, recoveredIn = 0, seen } = result;
    const failures = failure === undefined ? [] : [failure];
    this.add({ seeds: 1, events, ms, failures, slowest: recoveredIn, seen });
    return failure;
  }

  /** Adds what was run elsewhere. */
  add({ seeds, events, ms, failures, slowest, seen }: CampaignReport): void {
    this.#seeds += seeds;
    this.#events += events;
    this.#ms += ms;
    this.#failures.push(...failures.slice(0, KEPT - this.#failures.length));
    this.#slowest = Math.max(this.#slowest, slowest);
    for (const [kind, count] of seen) this.#seen.set(kind, (this.#seen.get(kind) ?? 0) + count);
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
