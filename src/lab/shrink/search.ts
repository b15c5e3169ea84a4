import type { PlannedFault, PlannedWork, Schedule } from "../scenario/schedule.ts";
import { ddmin } from "./ddmin.ts";
import type { Attempt, Budget, Probe, ShrinkProgress } from "./probe.ts";
import { weakerFaults } from "./weaken_fault.ts";
import { weakerSchedules } from "./weaken_schedule.ts";

/** Seeds per change, in turn: one finds out quickly what does not matter, many what matters only sometimes. */
export const SEEDS: readonly number[] = [1, 20, 200];

/** What a search is for. */
export interface SearchOptions {
  readonly schedule: Schedule;
  /** With which it fails. */
  readonly seed: string;
  readonly probe: Probe;
  readonly budget: Budget;
  /** Default {@linkcode SEEDS}. */
  readonly seeds?: readonly number[];
  /** Names the phase in progress. */
  readonly phase: string;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: ShrinkProgress) => void;
  /** The clock of the budget, ms; default the process's. */
  readonly now?: () => number;
}

/** What a search found. */
export interface Found {
  readonly schedule: Schedule;
  readonly seed: string;
  readonly log: readonly Attempt[];
  readonly runs: number;
  readonly ms: number;
  /** Whether it ended because nothing can be left out or weakened, and not with its budget. */
  readonly complete: boolean;
}

type Item = { readonly fault: PlannedFault } | { readonly work: PlannedWork };

class OutOfBudget extends Error {}

/**
 * Looks for the smallest schedule that still fails: leaves faults out, then weakens each, in turn until neither helps, with one seed per
 * change, then with more (§4.4). Random draws differ once a fault is gone, so a change counts if any of some seeds still shows the failure,
 * and that seed is kept.
 *
 * @throws the signal's reason
 */
export async function search(options: SearchOptions): Promise<Found> {
  return await new Searching(options).go();
}

class Searching {
  readonly #options: SearchOptions;
  readonly #now: () => number;
  readonly #began: number;
  readonly #log: Attempt[] = [];
  #schedule: Schedule;
  #seed: string;
  #runs = 0;
  #width = 1;

  constructor(options: SearchOptions) {
    this.#options = options;
    this.#now = options.now ?? (() => performance.now());
    this.#began = this.#now();
    this.#schedule = options.schedule;
    this.#seed = options.seed;
  }

  async go(): Promise<Found> {
    let complete = true;
    try {
      for (const width of this.#options.seeds ?? SEEDS) {
        this.#width = width;
        await this.#untilNothingHelps();
      }
    } catch (error) {
      if (!(error instanceof OutOfBudget)) throw error;
      complete = false;
    }
    const ms = this.#now() - this.#began;
    return {
      schedule: this.#schedule,
      seed: this.#seed,
      log: this.#log,
      runs: this.#runs,
      ms,
      complete,
    };
  }

  async #untilNothingHelps(): Promise<void> {
    for (;;) {
      const fewer = await this.#leaveOut();
      const weaker = await this.#weaken();
      if (!fewer && !weaker) return;
    }
  }

  /** Faults and work. */
  async #leaveOut(): Promise<boolean> {
    const { faults, work } = this.#schedule;
    const items: Item[] = [
      ...faults.map((fault) => ({ fault })),
      ...work.map((one) => ({ work: one })),
    ];
    const left = await ddmin(items, (some) => {
      const gone = items.filter((item) => !some.includes(item)).map(idOf);
      const kept = some.map(idOf);
      const what = gone.length < kept.length
        ? `without ${gone.join(", ")}`
        : kept.length === 0
        ? "nothing at all"
        : `only ${kept.join(", ")}`;
      return this.#try(what, {
        ...this.#schedule,
        faults: some.flatMap((item) => "fault" in item ? [item.fault] : []),
        work: some.flatMap((item) => "work" in item ? [item.work] : []),
      });
    });
    return left.length < items.length;
  }

  /** Every change that helps is made; those that follow start from it. */
  async #weaken(): Promise<boolean> {
    let changed = false;
    for (let i = 0; i < this.#schedule.faults.length; i++) {
      changed = await this.#first(() => this.#weakerAt(i)) || changed;
    }
    return await this.#first(() => weakerSchedules(this.#schedule)) || changed;
  }

  *#weakerAt(i: number): Iterable<{ readonly what: string; readonly item: Schedule }> {
    const { faults } = this.#schedule;
    const fault = faults[i];
    if (fault === undefined) return;
    for (const { what, item } of weakerFaults(fault)) {
      yield { what, item: { ...this.#schedule, faults: faults.with(i, item) } };
    }
  }

  /** Tries in order; after one that helps begins anew, until none does. */
  async #first(
    candidates: () => Iterable<{ readonly what: string; readonly item: Schedule }>,
  ): Promise<boolean> {
    let changed = false;
    for (;;) {
      let helped = false;
      for (const { what, item } of candidates()) {
        if (!await this.#try(what, item)) continue;
        helped = changed = true;
        break;
      }
      if (!helped) return changed;
    }
  }

  async #try(what: string, schedule: Schedule): Promise<boolean> {
    const { signal, budget, probe, onProgress, phase } = this.#options;
    signal?.throwIfAborted();
    const ms = this.#now() - this.#began;
    if (this.#runs >= budget.runs || ms >= budget.ms) throw new OutOfBudget();
    const seeds = this.#seeds();
    const before = this.#runs;
    const place = await probe(schedule, seeds, (runs) => {
      this.#runs += runs;
      signal?.throwIfAborted();
    });
    const kept = place !== undefined;
    const size = schedule.faults.length + schedule.work.length;
    this.#log.push({
      what,
      runs: this.#runs - before,
      kept,
      size,
      ...(kept && { seed: seeds[place]! }),
    });
    if (kept) {
      this.#schedule = schedule;
      this.#seed = seeds[place]!;
    }
    const faults = this.#schedule.faults.length;
    onProgress?.({ phase, runs: this.#runs, ms, faults, seeds: this.#width });
    return kept;
  }

  /** The present seed first, then small numbers, which are easy to type. */
  #seeds(): string[] {
    const seeds = [this.#seed];
    for (let n = 1; seeds.length < this.#width; n++) {
      if (String(n) !== this.#seed) seeds.push(String(n));
    }
    return seeds;
  }
}

function idOf(item: Item): string {
  return "fault" in item ? item.fault.id : item.work.id;
}
