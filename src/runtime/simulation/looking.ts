import type { Machine } from "./machine.ts";
import { Occurrence } from "./world_event.ts";

/**
 * The watcher's looks at the threads. In a world a thread hangs only when it is made to, so looks happen only from then on
 * until it is suspected, and when it goes on: an idle world stays without events.
 */
export class Looking implements Disposable {
  readonly #main: Machine;
  readonly #ms: number;
  readonly #look: () => void;
  readonly #needed: () => boolean;
  #looking = false;
  #closed = false;

  constructor(main: Machine, ms: number, look: () => void, needed: () => boolean) {
    this.#main = main;
    this.#ms = ms;
    this.#look = look;
    this.#needed = needed;
  }

  /** There is something to see. */
  awake(): void {
    if (this.#looking || this.#closed) return;
    this.#looking = true;
    this.#look();
    this.#next();
  }

  #next(): void {
    const { world } = this.#main;
    world.at(
      world.now + this.#ms,
      new Occurrence(this.#main, "look", () => {
        this.#looking = !this.#closed && this.#needed();
        if (!this.#closed) this.#look();
        if (this.#looking) this.#next();
      }),
    );
  }

  [Symbol.dispose](): void {
    this.#closed = true;
  }
}
