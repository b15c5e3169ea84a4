import type { SystemEvent } from "../../actor/mod.ts";
import { toError } from "../../actor/mod.ts";
import type { Cluster } from "../../cluster/mod.ts";
import type { PlannedFault } from "../scenario/schedule.ts";
import type { Ending } from "./carry_out.ts";
import { carryOut } from "./carry_out.ts";
import { drawsOf } from "./draws.ts";
import { FaultError } from "./errors.ts";
import { onGrid } from "./grid.ts";
import type { Recorder } from "./recorder.ts";
import { resolveFault } from "./resolve_fault.ts";
import type { FiredFault } from "./run_result.ts";

/** What a fault desk works with. Times are ms from the start of the run. */
export interface FaultDeskOptions {
  readonly cluster: Cluster;
  readonly recorder: Recorder;
  readonly seed: string;
  /** Whether who crashes stays down until the fault is undone. */
  readonly hold: boolean;
  now(): number;
  at(time: number, fn: () => void): Disposable;
}

type Writable<T> = { -readonly [K in keyof T]: T[K] };

/** A fault that is under way or lasts. */
interface Lasting {
  readonly fired: Writable<FiredFault>;
  /** Settles with how it ends when it has been carried out. */
  readonly ending: Promise<Ending | undefined>;
  timer?: Disposable;
}

/** Carries out the faults of a run, keeps account of them, and undoes what lasts. */
export class FaultDesk {
  readonly #options: FaultDeskOptions;
  readonly #fired: FiredFault[] = [];
  readonly #lasting = new Map<string, Lasting>();
  /** What is under way. */
  readonly #work = new Set<Promise<unknown>>();

  constructor(options: FaultDeskOptions) {
    this.#options = options;
  }

  /** In the order they were fired. */
  /** Peers that were crashed to stay down. */
  get dead(): ReadonlySet<string> {
    const stays = this.#fired.filter(({ verb, with: details, failed }) =>
      verb === "crash" && details["stay"] === true && failed === undefined
    );
    return new Set(stays.flatMap(({ peers }) => peers));
  }

  get fired(): readonly FiredFault[] {
    return this.#fired;
  }

  /** Fires `fault` for the `count`th time. What goes wrong is written into what is given back. */
  fire(fault: PlannedFault, count: number, event?: SystemEvent): FiredFault {
    const { cluster, seed, recorder, hold } = this.#options;
    const id = count === 1 ? fault.id : `${fault.id}.${count}`;
    const at = onGrid(this.#options.now());
    const fired: Writable<FiredFault> = {
      id,
      planned: fault.id,
      at,
      verb: fault.verb as FiredFault["verb"],
      peers: [],
      with: {},
    };
    this.#fired.push(fired);
    let ending: Promise<Ending | undefined>;
    try {
      const random = drawsOf(seed, fault.id, count);
      const found = resolveFault(fault, cluster.view(), event, random);
      const resolved = hold && found.verb === "crash"
        ? { ...found, with: { ...found.with, hold: true } }
        : found;
      Object.assign(fired, resolved);
      recorder.note(at, "lab.fault", { ...fired });
      ending = carryOut(cluster, resolved);
    } catch (error) {
      recorder.note(at, "lab.fault", { ...fired });
      ending = Promise.reject(error);
    }
    const lasting: Lasting = { fired, ending };
    this.#lasting.set(id, lasting);
    if (fired.for !== undefined) {
      lasting.timer = this.#options.at(at + fired.for, () => this.#track(this.undo(id)));
    }
    this.#track(ending.then(
      (end) => {
        // What does not last is over; what ended before it began has been undone.
        if (end === undefined) this.#lasting.delete(id);
      },
      (error) => {
        this.#lasting.delete(id);
        lasting.timer?.[Symbol.dispose]();
        this.#failed(fired, error);
      },
    ));
    return fired;
  }

  /** Settles when the fault of that id has been carried out. @throws FaultError if it could not be */
  async done(id: string): Promise<void> {
    await this.#lasting.get(id)?.ending.catch(() => {});
    const failed = this.#fired.find((fired) => fired.id === id)?.failed;
    if (failed !== undefined) throw new FaultError(failed);
  }

  #failed(fired: Writable<FiredFault>, error: unknown): void {
    fired.failed = toError(error).message;
    this.#options.recorder.note(this.#options.now(), "lab.failed", {
      id: fired.id,
      why: fired.failed,
    });
  }

  #track(work: Promise<unknown>): void {
    const done: Promise<unknown> = work.catch(() => {}).then(() => this.#work.delete(done));
    this.#work.add(done);
  }

  /** Ends a fault by its id, or all times that the planned fault of that id fired. Gives the ids of what it ended. */
  async undo(id: string): Promise<string[]> {
    const ended: string[] = [];
    for (const lasting of [...this.#lasting.values()]) {
      const { fired } = lasting;
      if (fired.id !== id && fired.planned !== id) continue;
      if (await this.#end(lasting)) ended.push(fired.id);
    }
    return ended;
  }

  async #end(lasting: Lasting): Promise<boolean> {
    const { fired, ending, timer } = lasting;
    if (!this.#lasting.delete(fired.id)) return false;
    timer?.[Symbol.dispose]();
    // When it is told to end, not when that is done: that is what a replay repeats.
    const now = onGrid(this.#options.now());
    try {
      const end = await ending;
      if (end === undefined) return false;
      fired.undoneAt = now;
      this.#options.recorder.note(now, "lab.undone", { id: fired.id });
      await end();
      return true;
    } catch (error) {
      this.#failed(fired, error);
      return false;
    }
  }

  /** Undoes all that lasts, the latest first, and waits for all that is under way. Gives the ids of what it undid. */
  async undoAll(): Promise<string[]> {
    const ended: string[] = [];
    for (const lasting of [...this.#lasting.values()].reverse()) {
      if (await this.#end(lasting)) ended.push(lasting.fired.id);
    }
    await this.settled();
    return ended;
  }

  /** Settles when nothing is under way any more. */
  async settled(): Promise<void> {
    while (this.#work.size > 0) await Promise.all(this.#work);
  }
}
