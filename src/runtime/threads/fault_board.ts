import { InvalidOptionError } from "../../actor/mod.ts";
import type { DiskTrouble } from "./disk_trouble.ts";
import type { LinkRule } from "./link_rule.ts";
import { isClear } from "./link_rule.ts";
import type { FaultView } from "./fault_memory.ts";
import { FaultMemory } from "./fault_memory.ts";

/**
 * The main thread's hand on what is wrong with the threads of some named actors, for experiments: give it to `createSystem` as
 * `faults`. A place is the name that an actor's thread is started for; what is set for it holds for every thread that is there later.
 *
 * @example
 * ```ts
 * import { createSystem, FaultBoard } from "troupe/actor";
 * const faults = new FaultBoard(["left", "right"]);
 * await using system = await createSystem({ faults });
 * faults.link("left", "right", { delay: 20, jitter: 5, loss: 0, duplication: 0, reordering: 0, blocked: false, held: false });
 * ```
 */
export class FaultBoard {
  readonly #places: ReadonlyMap<string, number>;
  readonly #memory: FaultMemory;
  /** Places that are told at the end of this turn: a partition changes many links of each. */
  readonly #untold = new Set<string>();
  #told: (place: string) => void = () => {};

  /** @param places names of actors that are alone in their threads */
  constructor(places: readonly string[]) {
    this.#places = new Map(places.map((place, i) => [place, i]));
    this.#memory = new FaultMemory(this.#places.size);
  }

  /** What the thread at `place` is given; undefined if this board does not concern it. */
  view(place: string): FaultView | undefined {
    const index = this.#places.get(place);
    if (index === undefined) return undefined;
    return { memory: this.#memory.memory, places: this.#memory.places, place: index };
  }

  /** @param told has the thread at a place look at once; it would with its next message */
  attach(told: (place: string) => void): void {
    this.#told = told;
  }

  /** How messages travel from one place to another, one way, from now on. @throws InvalidOptionError for a place that is none */
  link(from: string, to: string, rule: LinkRule): void {
    this.#memory.setLink(this.#index(from), this.#index(to), rule, isClear(rule));
    this.#tell(from);
    this.#tell(to);
  }

  /** The thread at `place` stops before the next thing that it would do. @throws InvalidOptionError */
  pause(place: string): void {
    this.#memory.setPaused(this.#index(place), true);
    this.#tell(place);
  }

  /** It goes on. @throws InvalidOptionError */
  resume(place: string): void {
    this.#memory.setPaused(this.#index(place), false);
  }

  /** Everything that the thread at `place` handles takes it `ms` milliseconds. @throws InvalidOptionError */
  slow(place: string, ms: number): void {
    this.#memory.setSlow(this.#index(place), ms);
  }

  /** What is wrong with the disk of the thread at `place`. @throws InvalidOptionError */
  disk(place: string, trouble: DiskTrouble): void {
    this.#memory.setDisk(this.#index(place), trouble);
    this.#tell(place);
  }

  #tell(place: string): void {
    this.#untold.add(place);
    if (this.#untold.size > 1) return;
    queueMicrotask(() => {
      const places = [...this.#untold];
      this.#untold.clear();
      for (const each of places) this.#told(each);
    });
  }

  #index(place: string): number {
    const index = this.#places.get(place);
    if (index !== undefined) return index;
    throw new InvalidOptionError("place", place, `one of ${[...this.#places.keys()]}`);
  }
}
