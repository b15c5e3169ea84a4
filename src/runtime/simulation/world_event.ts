import type { Machine } from "./machine.ts";

/** Something that happens in a world, at its time. */
export interface WorldEvent {
  /** Where it happens; undefined: to the world itself. What would happen on a dead machine does not. */
  readonly machine: Machine | undefined;
  /** It will not happen after all. */
  cancelled: boolean;
  run(): void;
  /** For the trace. */
  describe(): string;
}

/** An event made of a function. */
export class Occurrence implements WorldEvent {
  readonly machine: Machine | undefined;
  cancelled = false;
  readonly #what: string;
  readonly #fn: () => void;

  constructor(machine: Machine | undefined, what: string, fn: () => void) {
    this.machine = machine;
    this.#what = what;
    this.#fn = fn;
  }

  run(): void {
    this.#fn();
  }

  describe(): string {
    return this.#what;
  }
}
