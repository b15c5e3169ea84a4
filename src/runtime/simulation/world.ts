import process from "node:process";
import { setImmediate } from "node:timers";
import { LivelockError, NotReachedError, StalledError } from "./errors.ts";
import { EventHeap } from "./heap.ts";
import type { WorldEvent } from "./world_event.ts";

/** Events in one instant after which time is thought to stand still for ever. */
const LIVELOCK = 200_000;
/** Events between two turns of the real event loop. */
const BURST = 1_024;

/** A run that somebody waits for. */
interface Run {
  readonly what: string;
  /** It ends at this time. */
  readonly end: number;
  readonly from: number;
  /** It ends when this holds; undefined: at `end`. */
  readonly holds: (() => boolean) | undefined;
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

/** An answer that somebody outside waits for. */
interface Demand {
  readonly what: string;
  /** Undefined where it is left waiting when nothing is left to happen. */
  readonly reject: ((error: Error) => void) | undefined;
}

/** What a world tells. */
export interface WorldEvents {
  /** An event happens. */
  happens?(at: number, event: WorldEvent): void;
  /** What waits, one line each. */
  waits(): readonly string[];
}

/**
 * Virtual time: a heap of events, and a driver that lets them happen while somebody outside waits.
 *
 * The rule of quiet: between two events every promise job runs that there is, so that whatever an event resumed has gone on
 * to where it awaits the next one. That costs a tick (which runs when no promise job is left), and no turn of the real
 * event loop; others in this process get a turn after {@linkcode BURST} events.
 */
export class World {
  readonly #heap = new EventHeap<WorldEvent>();
  readonly #events: WorldEvents;
  readonly #runs = new Set<Run>();
  readonly #demands = new Set<Demand>();
  /** Work in the real world that time stands still for, as the loading of a module. */
  readonly #real = new Set<Promise<unknown>>();
  #now = 0;
  #driving = false;
  #happened = 0;
  #turns = 0;
  #instant = 0;
  #closed = false;

  constructor(events: WorldEvents) {
    this.#events = events;
  }

  /** Virtual milliseconds since it began. */
  get now(): number {
    return this.#now;
  }

  /** Events that have happened. */
  get happened(): number {
    return this.#happened;
  }

  /** Turns of the real event loop that it took. */
  get turns(): number {
    return this.#turns;
  }

  /** Events that are still to come, the cancelled ones too. */
  get coming(): number {
    return this.#heap.size;
  }

  /** `event` happens at `time`, now at the soonest. */
  at(time: number, event: WorldEvent): void {
    this.#heap.push(time > this.#now ? time : this.#now, event);
    this.#drive();
  }

  /** What happens now is worth so many events that take no time. */
  strain(events: number): void {
    this.#instant += events;
  }

  /** Time stands still until `work` settles. */
  meanwhile<T>(work: Promise<T>): Promise<T> {
    const done: Promise<unknown> = work.then(() => {}, () => {}).then(() =>
      this.#real.delete(done)
    );
    this.#real.add(done);
    return work;
  }

  // ------------------------------------------------------------ waiting

  /** Lets the world run until `work` settles. Where nothing is left to happen before, `patient` work is left waiting. */
  wait<T>(what: string, work: Promise<T>, patient: boolean = false): Promise<T> {
    return new Promise((resolve, reject) => {
      const demand: Demand = { what, reject: patient ? undefined : reject };
      this.#demands.add(demand);
      const settled = (): void => void this.#demands.delete(demand);
      work.then(
        (value) => {
          settled();
          resolve(value);
        },
        (error) => {
          settled();
          reject(error);
        },
      );
      this.#drive();
    });
  }

  /** Lets `ms` virtual milliseconds pass. */
  advance(ms: number): Promise<void> {
    return this.#run(`the end of ${ms} ms`, ms, undefined);
  }

  /** Lets time pass until `holds`, looked at between events. @throws NotReachedError, StalledError */
  until(what: string, holds: () => boolean, within: number): Promise<void> {
    return this.#run(what, within, holds);
  }

  /** Lets everything happen that is to come. @throws NotReachedError if that does not end within `within` ms */
  settle(within: number): Promise<void> {
    return this.#run("an end of all events", within, () => this.#next() === Infinity);
  }

  #run(what: string, ms: number, holds: (() => boolean) | undefined): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#runs.add({
        what,
        from: this.#now,
        end: this.#now + ms,
        holds,
        resolve,
        reject,
      });
      this.#drive();
    });
  }

  get #wanted(): boolean {
    return !this.#closed && (this.#runs.size > 0 || this.#demands.size > 0);
  }

  /** Nothing happens any more; who waits is left waiting. */
  close(): void {
    this.#closed = true;
    this.#runs.clear();
    this.#demands.clear();
  }

  // ------------------------------------------------------------ driving

  #drive(): void {
    if (this.#driving || !this.#wanted) return;
    this.#driving = true;
    void this.#go();
  }

  async #go(): Promise<void> {
    let idle = false;
    await this.#turn();
    while (this.#wanted) {
      if (this.#real.size > 0) {
        await Promise.all(this.#real);
        await this.#turn();
      } else if (this.#endRuns()) {
        await this.#turn();
      } else if (this.#next() !== Infinity) {
        idle = false;
        await this.#burst();
      } else if (idle) {
        if (!this.#stall()) break;
        await this.#turn();
      } else {
        // Whoever was told something last gets the time to act on it.
        idle = true;
        await this.#turn();
      }
    }
    this.#driving = false;
    // Somebody may have begun to wait when this ended.
    if (this.#heap.size > 0) this.#drive();
  }

  /** Everything else that waits in this process gets its turn. */
  #turn(): Promise<void> {
    this.#turns++;
    return new Promise((resolve) => void setImmediate(resolve));
  }

  /** When the next event is due that will happen. */
  #next(): number {
    while (this.#heap.peek()?.cancelled) this.#heap.pop();
    return this.#heap.next;
  }

  /** Lets events happen until something is to be looked at. */
  async #burst(): Promise<void> {
    for (let i = 0; i < BURST; i++) {
      const event = this.#heap.pop();
      if (event === undefined) return;
      if (event.cancelled) continue;
      this.#happen(event);
      await quiet();
      if (this.#real.size > 0 || !this.#wanted || this.#runEnds()) return;
    }
    await this.#turn();
  }

  #happen(event: WorldEvent): void {
    const { at } = this.#heap;
    if (at > this.#now) this.#instant = 0;
    else if (++this.#instant > LIVELOCK) this.#failAll(new LivelockError(at, this.#instant));
    this.#now = at;
    this.#happened++;
    this.#events.happens?.(at, event);
    if (event.machine === undefined) event.run();
    else event.machine.take(event);
  }

  /** Whether some run is over now. */
  #runEnds(): boolean {
    if (this.#runs.size === 0) return false;
    const next = this.#next();
    for (const { end, holds } of this.#runs) {
      if (next > end || holds?.()) return true;
    }
    return false;
  }

  /** Ends the run that is over first. Gives whether there was one. */
  #endRuns(): boolean {
    const next = this.#next();
    let first: Run | undefined;
    for (const run of this.#runs) {
      if (run.holds?.()) {
        this.#runs.delete(run);
        run.resolve();
        return true;
      }
      if (next > run.end && (first === undefined || run.end < first.end)) first = run;
    }
    if (first === undefined) return false;
    this.#runs.delete(first);
    this.#end(first, next);
    return true;
  }

  /** The time of `run` is up: nothing happens before `next`, which is later. */
  #end({ what, end, from, holds, resolve, reject }: Run, next: number): void {
    if (holds !== undefined && next === Infinity) {
      return reject(new StalledError(what, this.#now, this.#events.waits()));
    }
    this.#now = end;
    if (holds === undefined) resolve();
    else reject(new NotReachedError(what, end - from, this.#events.waits()));
  }

  /** Nothing is left to happen. Gives whether somebody was told. */
  #stall(): boolean {
    const waits = this.#events.waits();
    let told = false;
    for (const demand of this.#demands) {
      if (demand.reject === undefined) continue;
      this.#demands.delete(demand);
      demand.reject(new StalledError(demand.what, this.#now, waits));
      told = true;
    }
    return told;
  }

  #failAll(error: Error): void {
    for (const demand of this.#demands) demand.reject?.(error);
    for (const run of this.#runs) run.reject(error);
    this.#demands.clear();
    this.#runs.clear();
    this.#instant = 0;
  }
}

/** Settles when no promise job is left: a tick that is asked for in one runs after all of them, on every runtime. */
function quiet(): Promise<void> {
  return new Promise((resolve) => process.nextTick(resolve));
}
