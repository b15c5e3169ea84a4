import type { Clock } from "../actor/mod.ts";

/** Milliseconds over which a rate is smoothed. */
const WINDOW_MS = 2_000;

/** Bytes a second, of the last few seconds. */
export class Rate {
  readonly #clock: Clock;
  readonly #start: number;
  #bytes = 0;
  #at: number;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#start = this.#at = clock.now();
  }

  add(bytes: number): void {
    this.#decay();
    this.#bytes += bytes;
  }

  /** Bytes per second; 0 before anything came. */
  get value(): number {
    this.#decay();
    // Early on, the window is not full: what came is divided by the part of it that has passed.
    const passed = WINDOW_MS * (1 - Math.exp(-(this.#at - this.#start) / WINDOW_MS));
    return passed < 1 ? 0 : this.#bytes / passed * 1_000;
  }

  #decay(): void {
    const now = this.#clock.now();
    this.#bytes *= Math.exp((this.#at - now) / WINDOW_MS);
    this.#at = now;
  }
}
