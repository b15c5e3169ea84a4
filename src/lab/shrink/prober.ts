import { moduleUrl } from "../../runtime/mod.ts";
import { JobPool } from "../jobs/mod.ts";
import type { Culprit } from "./culprit.ts";
import type { Probe } from "./probe.ts";
import { type Trial, type TrialResult, tryOut } from "./trial.ts";

/** Seeds of one trial in turn before other things of this thread have a chance. */
const PORTION = { bare: 25, actors: 1 } as const;

/** Runs candidates: one seed here, many on some threads. */
export class Prober implements AsyncDisposable {
  readonly #culprit: Culprit;
  readonly #pool: JobPool<Trial, TrialResult>;
  readonly #signal: AbortSignal | undefined;

  /** @param jobs threads that run seeds, where there are many; 1: none but this */
  constructor(culprit: Culprit, jobs: number, signal?: AbortSignal) {
    this.#culprit = culprit;
    this.#signal = signal;
    this.#pool = new JobPool(moduleUrl("./trial_thread.ts", import.meta.url), jobs);
  }

  /** The probe of a search on `host`. */
  probe(host: Trial["host"]): Probe {
    return async (schedule, seeds, ran) => {
      const trial = (some: readonly string[]): Trial => {
        return { host, schedule, seeds: some, culprit: this.#culprit };
      };
      const portion = PORTION[host];
      const threads = this.#pool.size > 1 && seeds.length > 2 * portion;
      // The first of many often settles it.
      for (let from = 0; from < (threads ? portion : seeds.length); from += portion) {
        const some = seeds.slice(from, from + portion);
        const { place, runs } = await tryOut(trial(some), this.#signal);
        ran(runs);
        if (place !== undefined) return from + place;
        await new Promise((resolve) => setImmediate(resolve));
      }
      return threads ? await this.#onThreads(trial, seeds, portion, ran) : undefined;
    };
  }

  /** Contiguous shares, so that the first seed that fails is the same however many threads there are. */
  async #onThreads(
    trial: (some: readonly string[]) => Trial,
    seeds: readonly string[],
    from: number,
    ran: (runs: number) => void,
  ): Promise<number | undefined> {
    const share = Math.ceil((seeds.length - from) / this.#pool.size);
    const starts: number[] = [];
    for (let start = from; start < seeds.length; start += share) starts.push(start);
    const results = await Promise.all(
      starts.map((start) => this.#pool.do(trial(seeds.slice(start, start + share)))),
    );
    ran(results.reduce((sum, { runs }) => sum + runs, 0));
    const first = results.findIndex(({ place }) => place !== undefined);
    return first < 0 ? undefined : starts[first]! + results[first]!.place!;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#pool[Symbol.asyncDispose]();
  }
}
