import type { AnyRef } from "../../actor/mod.ts";
import { InvalidOptionError } from "../../actor/mod.ts";
import { OutOfMemoryError } from "../threads/errors.ts";
import type { DiskControls, Where, WorldControls } from "./api.ts";
import type { CrashOptions } from "./disk_model.ts";
import type { LinkRules } from "./link_rules.ts";
import type { Machine } from "./machine.ts";
import type { Place } from "./network.ts";
import type { SimulatedThread } from "./simulated_thread.ts";
import type { SimulationBase } from "./simulation_base.ts";
import type { SimulatedDisk } from "./simulated_disk.ts";
import type { Universe } from "./universe.ts";
import { waitsOf } from "./waits.ts";

/** Virtual milliseconds that a condition gets unless told otherwise. */
const WITHIN = 60_000;

/** The hands that reach into a world. */
export class Hands implements WorldControls {
  readonly #universe: Universe;
  readonly #base: SimulationBase;
  readonly #terminate: (machine: Machine) => void;
  readonly #acted: (what: string) => void;

  /**
   * @param terminate ends the thread, as a fault would
   * @param acted is told everything that is done, for the trace
   */
  constructor(
    universe: Universe,
    base: SimulationBase,
    terminate: (machine: Machine) => void,
    acted: (what: string) => void,
  ) {
    this.#universe = universe;
    this.#base = base;
    this.#terminate = terminate;
    this.#acted = acted;
  }

  get now(): number {
    return this.#universe.world.now;
  }

  get counts(): WorldControls["counts"] {
    const { happened, turns, coming } = this.#universe.world;
    return { events: happened, turns, coming };
  }

  advance(ms: number): Promise<void> {
    if (!(ms >= 0 && ms < Infinity)) {
      throw new InvalidOptionError("ms", ms, "a number of milliseconds from 0");
    }
    return this.#universe.world.advance(ms);
  }

  until(
    what: string,
    holds: () => boolean,
    { within = WITHIN }: { readonly within?: number } = {},
  ): Promise<void> {
    return this.#universe.world.until(what, holds, within);
  }

  settle({ within = WITHIN }: { readonly within?: number } = {}): Promise<void> {
    return this.#universe.world.settle(within);
  }

  waits(): readonly string[] {
    return waitsOf(this.#universe.machines);
  }

  places(): readonly Place[] {
    return this.#universe.machines.map(({ place }) => place);
  }

  // ------------------------------------------------------------ links

  link(from: Where, to: Where, rules: Partial<LinkRules>): void {
    const { network, world } = this.#universe;
    this.#acted(`link ${this.#place(from)} ${this.#place(to)} ${Object.keys(rules)}`);
    network.change(this.#place(from), this.#place(to), rules, world.now);
  }

  partition(...groups: readonly (readonly Where[])[]): void {
    const places = groups.map((group) => group.map((where) => this.#place(where)));
    this.#acted(`partition ${places.map((group) => group.join(" ")).join(" | ")}`);
    this.#universe.network.partition(places, this.now);
  }

  heal(): void {
    this.#acted("heal");
    this.#universe.network.heal(this.now);
  }

  // ------------------------------------------------------------ threads

  crash(where: Where, options: CrashOptions = {}): void {
    const { machine } = this.#thread(where);
    this.#acted(`crash ${machine.place}`);
    this.#terminate(machine);
    for (const disk of machine.disks) disk.crash(options);
  }

  fail(where: Where, error: Error): void {
    const thread = this.#thread(where);
    this.#acted(`fail ${thread.machine.place}`);
    thread.fail(error);
  }

  exit(where: Where, code: number = 0): void {
    const thread = this.#thread(where);
    this.#acted(`exit ${thread.machine.place} ${code}`);
    thread.exit(code);
  }

  outOfMemory(where: Where): void {
    const thread = this.#thread(where);
    thread.fail(new OutOfMemoryError(thread.node, thread.heap));
  }

  hang(where: Where, { during }: { readonly during?: string } = {}): void {
    const { machine } = this.#thread(where);
    this.#acted(`hang ${machine.place}${during === undefined ? "" : ` in ${during}`}`);
    const hang = (): void => {
      machine.hold();
      this.#base.watch();
    };
    if (during === undefined) hang();
    else machine.onMethod.set(during, hang);
  }

  resume(where: Where): void {
    const { machine } = this.#thread(where);
    this.#acted(`resume ${machine.place}`);
    machine.letGo();
    this.#base.watch();
  }

  slow(where: Where, ms: number): void {
    if (!(ms >= 0 && ms < Infinity)) {
      throw new InvalidOptionError("ms", ms, "a number of milliseconds from 0");
    }
    const { machine } = this.#thread(where);
    this.#acted(`slow ${machine.place} ${ms}`);
    machine.busyMs = ms;
  }

  clock(
    where: Where,
    { rate, ahead = 0, wall = 0 }: {
      readonly rate?: number;
      readonly ahead?: number;
      readonly wall?: number;
    },
  ): void {
    const { clock, place } = this.#machine(where);
    const now = rate ?? clock.rate;
    if (!(now > 0 && now < Infinity)) {
      throw new InvalidOptionError("rate", rate, "a number above 0");
    }
    if (!(ahead >= 0 && ahead < Infinity)) {
      throw new InvalidOptionError("ahead", ahead, "milliseconds from 0: clocks do not go back");
    }
    this.#acted(`clock ${place} ${now} ${ahead} ${wall}`);
    clock.set(now, ahead);
    clock.setWall(wall);
  }

  disk(name: string): DiskControls {
    return controlsOf(
      this.#universe.disk(name),
      () => this.now,
      (what) => this.#acted(`disk ${name} ${what}`),
    );
  }

  // ------------------------------------------------------------ places

  #place(where: Where): Place {
    return typeof where === "string" ? where : this.#machine(where).place;
  }

  #machine(where: Where): Machine {
    const machine = typeof where === "string"
      ? this.#universe.machineAt(where)
      : this.#universe.machine((where as AnyRef).node);
    if (machine !== undefined) return machine;
    const shown = typeof where === "string" ? where : (where as AnyRef).id;
    throw new InvalidOptionError(
      "where",
      shown,
      `a thread that lives: ${this.places().join(", ")}`,
    );
  }

  #thread(where: Where): SimulatedThread {
    const machine = this.#machine(where);
    const thread = this.#base.thread(machine.node);
    if (thread !== undefined) return thread;
    throw new InvalidOptionError("where", machine.place, "a thread other than the main one");
  }
}

function controlsOf(
  disk: SimulatedDisk,
  now: () => number,
  acted: (what: string) => void,
): DiskControls {
  const { model } = disk;
  return {
    direct: disk.direct(now),
    change(rules) {
      disk.change(rules);
      acted(`change ${Object.keys(rules)}`);
    },
    disturb(trouble) {
      acted(`disturb ${JSON.stringify(trouble)}`);
      disk.disturb(trouble);
    },
    makeDirectory(path) {
      model.makeDirectory(path);
      model.syncAll();
    },
    put(path, bytes) {
      acted(`put ${path} ${bytes.length}`);
      model.put(path, bytes);
    },
    read: (path) => model.has(path) ? model.file("read", path).bytes.slice() : undefined,
    files: () => model.files(),
    tear(path, bytes) {
      acted(`tear ${path} ${bytes}`);
      model.put(path, model.file("read", path).bytes.subarray(0, bytes));
    },
    crash(options) {
      acted("crash");
      disk.crash(options);
    },
    wipe() {
      acted("wipe");
      model.wipe();
    },
  };
}
