import { InvalidOptionError } from "../../actor/mod.ts";
import { refusalOfBare } from "../bare/mod.ts";
import { nameOf } from "../checks/judge.ts";
import { concretise, type FiredFault } from "../run/mod.ts";
import type { Schedule } from "../scenario/schedule.ts";
import type { Culprit } from "./culprit.ts";
import type { Attempt, Budget, ShrinkProgress } from "./probe.ts";
import { Prober } from "./prober.ts";
import { type Found, search, SEEDS } from "./search.ts";

/** How a failure is shrunk. */
export interface ShrinkOptions {
  /** What was run. */
  readonly schedule: Schedule;
  /** What happened in that run, so that it is shrunk with its times and peers as they came out, if it fails so, too. */
  readonly fired?: readonly FiredFault[];
  /** With which it failed. */
  readonly seed: string;
  /** See {@linkcode culpritOf}. */
  readonly culprit: Culprit;
  /** Runs and ms, at most; default 100 000 and 60 000. */
  readonly budget?: Partial<Budget>;
  /** Threads that run seeds; default 2. */
  readonly jobs?: number;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: ShrinkProgress) => void;
}

/** The smallest schedule that was found. */
export interface Shrunk {
  readonly schedule: Schedule;
  /** With which it fails. */
  readonly seed: string;
  /** What was tried, in order, with where. */
  readonly log: readonly (Attempt & { readonly phase: string })[];
  readonly runs: number;
  readonly ms: number;
  /** Whether nothing more can be left out or weakened; false: its budget was used up. */
  readonly complete: boolean;
}

const BUDGET: Budget = { runs: 100_000, ms: 60_000 };
const JOBS = 2;
/** Seeds with which a failure of whole actors is looked for in bare elections, and the other way round. */
const CROSSING = 200;
/** Seeds per change with whole actors, which take their time. */
const ACTOR_SEEDS: readonly number[] = [1, 5];
/** The part of the time that is left that bare elections get. */
const BARE_PART = 0.5;
/** So few faults are not worth the weakness that comes of more seeds than these: what shows once in hundreds of runs is hard to see again. */
const FEW = 3;
const MANY_SEEDS = 20;

/**
 * Finds the smallest schedule that still fails in the same way (§4.4). What is about elections alone is shrunk on bare elections,
 * thousands of runs a second, and then run with whole actors until a seed shows it there, too; what else there is, or what does not
 * show, is shrunk with whole actors.
 *
 * @throws InvalidOptionError if it does not fail with `seed`; the signal's reason
 *
 * @example
 * ```ts
 * const result = await runSchedule(schedule, { seed: 42, mode: "sim" });
 * const { schedule: smallest, seed } = await shrink({
 *   schedule,
 *   fired: result.fired,
 *   seed: "42",
 *   culprit: culpritOf(result)!,
 * });
 * ```
 */
export async function shrink(options: ShrinkOptions): Promise<Shrunk> {
  const { seed, culprit, jobs = JOBS, signal } = options;
  const began = performance.now();
  const budget = { ...BUDGET, ...options.budget };
  await using prober = new Prober(culprit, jobs, signal);
  const planned = onlyAbout(options.schedule, culprit);
  const schedule = await concrete();
  const log: (Attempt & { readonly phase: string })[] = [];
  let runs = 0;
  const left = (part = 1): Budget => ({
    runs: (budget.runs - runs) * part,
    ms: (budget.ms - (performance.now() - began)) * part,
  });
  const note = (phase: string, found: Pick<Found, "log" | "runs">): void => {
    log.push(...found.log.map((attempt) => ({ ...attempt, phase })));
    runs += found.runs;
  };
  const done = (found: Pick<Found, "schedule" | "seed" | "complete">): Shrunk => ({
    schedule: found.schedule,
    seed: found.seed,
    complete: found.complete,
    log,
    runs,
    ms: performance.now() - began,
  });
  const common = {
    seed,
    ...(signal && { signal }),
    ...(options.onProgress && { onProgress: options.onProgress }),
  };

  for (const bare of await onBareElections()) {
    const shown = await withActors(bare);
    if (shown !== undefined) return done({ ...bare, seed: shown });
  }
  const phase = "actors";
  const probe = prober.probe(phase);
  const found = await search({
    ...common,
    schedule,
    probe,
    phase,
    budget: left(),
    seeds: ACTOR_SEEDS,
  });
  note(phase, found);
  return done(found);

  /** @throws InvalidOptionError if it fails neither way */
  async function concrete(): Promise<Schedule> {
    const ways = options.fired === undefined
      ? [planned]
      : [concretise(planned, options.fired), planned];
    for (const way of ways) {
      if (await prober.probe("actors")(way, [seed], () => {}) === 0) return way;
    }
    throw new InvalidOptionError("seed", seed, `one with which ${culprit.check} fails`);
  }

  /** What was found with more and more seeds per change, the smallest first: the weaker it is, the less it may show with actors. */
  async function onBareElections(): Promise<Found[]> {
    if (refusalOfBare(schedule, culprit.id) !== undefined) return [];
    const plain: Schedule = { ...schedule, work: [] };
    const probe = prober.probe("bare");
    const seeds = seedsOf(seed, CROSSING);
    const place = await probe(plain, seeds, (some) => runs += some);
    if (place === undefined) return [];
    const found: Found[] = [];
    let [smallest, shows] = [plain, seeds[place]!];
    for (const width of SEEDS) {
      if (width > MANY_SEEDS && smallest.faults.length <= FEW) break;
      const next = await search({
        ...common,
        seed: shows,
        schedule: smallest,
        probe,
        phase: "bare",
        budget: left(BARE_PART),
        seeds: [width],
      });
      note("bare", next);
      found.unshift(next);
      ({ schedule: smallest, seed: shows } = next);
    }
    return found;
  }

  /** The seed that shows `found` with whole actors. */
  async function withActors(found: Found): Promise<string | undefined> {
    const seeds = [found.seed, ...seedsOf(seed, CROSSING)];
    const phase = "actors";
    const faults = found.schedule.faults.length;
    options.onProgress?.({
      phase,
      runs,
      ms: performance.now() - began,
      faults,
      seeds: seeds.length,
    });
    let ran = 0;
    const place = await prober.probe(phase)(found.schedule, seeds, (some) => ran += some);
    const shown = place === undefined ? undefined : seeds[place]!;
    const attempt = { what: "the same with whole actors", runs: ran, size: faults };
    note(phase, {
      runs: ran,
      log: [{ ...attempt, kept: shown !== undefined, ...(shown !== undefined && { seed: shown }) }],
    });
    return shown;
  }
}

/** Nothing else is demanded than what failed, and that it does not. */
function onlyAbout(schedule: Schedule, { check }: Culprit): Schedule {
  const { fails: _fails, ...rest } = schedule;
  return { ...rest, checks: schedule.checks.filter((planned) => nameOf(planned) === check) };
}

/** `first`, and small numbers. */
function seedsOf(first: string, count: number): string[] {
  const others = Array.from({ length: count }, (_, i) => String(i + 1));
  return [first, ...others.filter((seed) => seed !== first)].slice(0, count);
}
