import type { Cell } from "./cell.ts";

/** Messages that one actor handles before the others of its node get their turn. */
const CELL_BUDGET = 64;
/** Messages that a node handles before timers and ports get theirs. */
const NODE_BUDGET = 2_048;

/** Lets the actors of one node handle their messages, each some and then the next. */
export class Turns {
  readonly #yield: (fn: () => void) => void;
  #ready: Cell[] = [];
  readonly #queued = new Set<Cell>();
  #scheduled = false;
  #draining = false;

  /** @param later calls a function after everything else that waits had its turn */
  constructor(later: (fn: () => void) => void) {
    this.#yield = later;
  }

  /** `cell` may have something to do. */
  ready(cell: Cell): void {
    if (!cell.runnable || this.#queued.has(cell)) return;
    this.#queued.add(cell);
    this.#ready.push(cell);
    if (this.#scheduled || this.#draining) return;
    this.#scheduled = true;
    queueMicrotask(() => this.drain());
  }

  /** Works until nobody has anything to do, or others must have their turn. */
  drain(): void {
    this.#scheduled = false;
    if (this.#draining) return;
    this.#draining = true;
    let budget = NODE_BUDGET;
    while (this.#ready.length > 0 && budget > 0) {
      const turn = this.#ready;
      this.#ready = [];
      for (const cell of turn) {
        this.#queued.delete(cell);
        budget -= cell.run(CELL_BUDGET);
        this.ready(cell);
      }
    }
    this.#draining = false;
    if (this.#ready.length === 0 || this.#scheduled) return;
    this.#scheduled = true;
    this.#yield(() => this.drain());
  }
}
