import type { ExitReason, HeapLimits, NodeId } from "../../actor/mod.ts";
import { toError } from "../../actor/mod.ts";
import type { Ending, OwnedThread, ThreadOptions } from "../threads/ground.ts";
import { Tenants } from "../threads/tenants.ts";
import { Machine } from "./machine.ts";
import type { SimulatedPulse } from "./simulated_pulse.ts";
import type { Universe } from "./universe.ts";
import { Occurrence } from "./world_event.ts";

/** What a thread does when it comes up and before it goes. */
export interface Inside {
  /** Makes `machine` a node of the system. */
  boot(machine: Machine): void;
  /** Tells the main thread why it ends, as its last word. */
  crashing(machine: Machine, error: Error): void;
}

/** A simulated thread as its owner sees it. */
export class SimulatedThread implements OwnedThread {
  readonly node: NodeId;
  readonly pool: string | undefined;
  readonly heap: HeapLimits;
  readonly startedAt: number;
  readonly pulse: SimulatedPulse;
  readonly tenants: Tenants = new Tenants();
  readonly ready: Promise<void>;
  readonly exited: Promise<void>;
  readonly gone: Promise<void>;
  readonly machine: Machine;
  crash: Error | undefined;
  reason: ExitReason | undefined;
  up = false;
  readonly #universe: Universe;
  readonly #main: Machine;
  readonly #inside: Inside;
  readonly #ended: Ending;
  #settleReady!: { resolve: () => void; reject: (error: Error) => void };
  #settleExited!: () => void;

  constructor(
    universe: Universe,
    main: Machine,
    place: string,
    pulse: SimulatedPulse,
    options: ThreadOptions,
    inside: Inside,
    ended: Ending,
  ) {
    this.node = options.node;
    this.pool = options.pool;
    this.heap = options.heap ?? {};
    this.startedAt = options.startedAt;
    this.pulse = pulse;
    this.#universe = universe;
    this.#main = main;
    this.#inside = inside;
    this.#ended = ended;
    this.ready = new Promise((resolve, reject) => (this.#settleReady = { resolve, reject }));
    // A death before anyone waits is told by `ended` as well.
    this.ready.catch(() => {});
    this.exited = new Promise((resolve) => (this.#settleExited = resolve));
    this.gone = this.exited;
    this.machine = new Machine(universe.world, this.node, place, (error) => this.fail(error));
  }

  /** The thread comes up after `ms` milliseconds. */
  start(ms: number): void {
    const { world } = this.#universe;
    world.at(
      world.now + ms,
      new Occurrence(this.machine, `${this.machine.place} starts`, () => {
        this.pulse.up(this.machine);
        this.#inside.boot(this.machine);
      }),
    );
  }

  get exclusive(): boolean {
    return this.pool === undefined;
  }

  becameReady(): void {
    this.up = true;
    this.#settleReady.resolve();
  }

  terminate(): void {
    this.#exit(undefined);
  }

  /** Ends it because of an error that belongs to no call. */
  fail(error: unknown): void {
    if (!this.machine.alive) return;
    this.#inside.crashing(this.machine, toError(error));
    this.#exit(toError(error));
  }

  /** Ends it as `process.exit` in it would. */
  exit(code: number): void {
    this.#exit(new Error(`its thread exited with code ${code}`));
  }

  #exit(cause: Error | undefined): void {
    if (!this.machine.alive) return;
    this.machine.end();
    this.#universe.leave(this.machine);
    const { world } = this.#universe;
    // Its last words come first, as on threads that end themselves.
    const at = cause === undefined
      ? world.now
      : this.#universe.lastFrom(this.node, this.#main.place);
    world.at(
      at,
      new Occurrence(this.#main, `${this.machine.place} exited`, () => {
        this.#settleReady.reject(this.crash ?? cause ?? new Error("its thread was ended"));
        this.#settleExited();
        this.#ended(this.reason === undefined ? cause : undefined);
      }),
    );
  }
}
