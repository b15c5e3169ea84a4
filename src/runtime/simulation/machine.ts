import type { NodeId } from "../../actor/mod.ts";
import type { Envelope } from "../../actor/envelope.ts";
import type { ActorNode } from "../../actor/node.ts";
import { LocalClock } from "./local_clock.ts";
import type { Place } from "./network.ts";
import type { SimulatedDisk } from "./simulated_disk.ts";
import type { World } from "./world.ts";
import type { WorldEvent } from "./world_event.ts";

/**
 * A simulated thread: one event at a time, on a clock of its own. It may be dead, held up (its events wait), or slow (each
 * event keeps it busy for a while).
 */
export class Machine {
  readonly node: NodeId;
  /** Outlives it: the next machine that is started for the same purpose has the same place. */
  readonly place: Place;
  readonly world: World;
  readonly clock: LocalClock;
  /** Virtual milliseconds that each event takes. */
  busyMs = 0;
  /** Everyone on it has ended, and it is about to: the next one for its purpose may have its place. */
  leaving = false;
  /** The disks that were used on it. */
  readonly disks: Set<SimulatedDisk> = new Set();
  /** What was sent to each thread in the last event that sent to it, and the number of that event. */
  readonly turn: Map<NodeId, { readonly event: number; readonly envelopes: Envelope[] }> =
    new Map();
  /** What happens when a method of this name is called next. */
  readonly onMethod: Map<string, () => void> = new Map();
  #actors: ActorNode | undefined;
  #alive = true;
  #heldSince: number | undefined;
  #freeAt = 0;
  #waking = false;
  #backlog: WorldEvent[] = [];
  #whenFree: (() => void)[] = [];
  readonly #onCrash: (error: unknown) => void;

  /** @param onCrash is told of an error that belongs to no call; the machine must end then */
  constructor(world: World, node: NodeId, place: Place, onCrash: (error: unknown) => void) {
    this.world = world;
    this.node = node;
    this.place = place;
    this.clock = new LocalClock(this);
    this.#onCrash = onCrash;
  }

  /** The actors in it, once it has come up. */
  get actors(): ActorNode | undefined {
    return this.#actors;
  }

  carry(actors: ActorNode): void {
    this.#actors = actors;
  }

  get alive(): boolean {
    return this.#alive;
  }

  /** Since when nothing happens on it, in the world's time; undefined while it runs. */
  get heldSince(): number | undefined {
    return this.#heldSince;
  }

  /** Lets `event` happen: now, or when it can. */
  take(event: WorldEvent): void {
    if (!this.#alive || event.cancelled) return;
    const { now } = this.world;
    if (this.#heldSince !== undefined || this.#backlog.length > 0 || now < this.#freeAt) {
      this.#backlog.push(event);
      this.#wake();
    } else this.#happen(event);
  }

  #happen(event: WorldEvent): void {
    if (this.busyMs > 0) this.#freeAt = this.world.now + this.busyMs;
    try {
      event.run();
      this.#actors?.receiveAll([], this.node);
    } catch (error) {
      this.#onCrash(error);
    }
  }

  /** Asks for an event at which the next one of the backlog happens. */
  #wake(): void {
    if (this.#waking || this.#heldSince !== undefined || this.#backlog.length === 0) return;
    this.#waking = true;
    this.world.at(Math.max(this.world.now, this.#freeAt), new Waking(this));
  }

  /** What waits first happens now. For {@linkcode Waking}. */
  next(): void {
    this.#waking = false;
    if (this.#heldSince !== undefined || !this.#alive) return;
    let event = this.#backlog.shift();
    while (event?.cancelled) event = this.#backlog.shift();
    if (event !== undefined) this.#happen(event);
    this.#wake();
  }

  /** Nothing happens on it any more until {@linkcode letGo}; what would have waits. */
  hold(): void {
    this.#heldSince ??= this.world.now;
  }

  letGo(): void {
    if (this.#heldSince === undefined) return;
    this.#heldSince = undefined;
    const waiting = this.#whenFree;
    this.#whenFree = [];
    for (const fn of waiting) fn();
    this.#wake();
  }

  /** Calls `fn` as soon as it is not held up, which may be at once. */
  whenFree(fn: () => void): void {
    if (this.#heldSince === undefined) fn();
    else this.#whenFree.push(fn);
  }

  /** It is gone. Nothing happens on it any more. */
  end(): void {
    this.#alive = false;
    this.#backlog = [];
    this.#whenFree = [];
  }
}

/** The moment at which a machine takes up what waits. */
class Waking implements WorldEvent {
  readonly machine = undefined;
  cancelled = false;
  readonly #machine: Machine;

  constructor(machine: Machine) {
    this.#machine = machine;
  }

  run(): void {
    this.#machine.next();
  }

  describe(): string {
    return `${this.#machine.place} wakes`;
  }
}
