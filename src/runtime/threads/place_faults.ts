import type { LinkRule } from "./link_rule.ts";
import type { DiskTrouble } from "./disk_trouble.ts";
import type { FaultView } from "./fault_memory.ts";
import { FaultMemory } from "./fault_memory.ts";

/** Milliseconds between two looks whether a paused thread was declared dead: Deno ends none that does not yield. */
const LOOK = 50;

/** What is wrong with the thread at one place, as the thread sees it. */
export class PlaceFaults {
  readonly place: number;
  readonly #memory: FaultMemory;

  constructor({ memory, places, place }: FaultView) {
    this.#memory = new FaultMemory(places, memory);
    this.place = place;
  }

  /** The faults of the link to another place. */
  link(to: number): LinkFaults {
    return new LinkFaults(this.#memory, this.place, to);
  }

  /** What is wrong with its disk; undefined: nothing. */
  get disk(): DiskTrouble | undefined {
    return this.#memory.disk(this.place);
  }

  /** Whatever would run now waits while the thread is paused or made slow, its event loop with it. */
  pass(condemned: () => boolean): void {
    const slow = this.#memory.slow(this.place);
    if (slow > 0) this.#spin(slow, condemned);
    while (this.#memory.isPaused(this.place) && !condemned()) {
      this.#memory.waitPaused(this.place, LOOK);
    }
  }

  /** As code does that has much to compute. */
  #spin(ms: number, condemned: () => boolean): void {
    const end = performance.now() + ms;
    while (performance.now() < end && this.#memory.slow(this.place) > 0 && !condemned());
  }
}

/** What is wrong between two places, as one of them sees it. */
export class LinkFaults {
  readonly #memory: FaultMemory;
  readonly #own: number;
  readonly #other: number;

  constructor(memory: FaultMemory, own: number, other: number) {
    this.#memory = memory;
    this.#own = own;
    this.#other = other;
  }

  /** Whether what goes out goes as usual. */
  get clear(): boolean {
    return this.#memory.isClear(this.#own, this.#other);
  }

  /** How what goes out travels. */
  get rule(): LinkRule {
    return this.#memory.link(this.#own, this.#other);
  }

  /** Whether nothing must come in. */
  get shut(): boolean {
    return this.#memory.isBlocked(this.#other, this.#own);
  }
}
