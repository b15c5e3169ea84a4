/** Milliseconds between two looks. */
const INTERVAL = 5;

/** How late timers of this thread fire: what the machine adds to every time that is measured beside it. */
export class LagProbe {
  readonly #lags: number[] = [];
  readonly #timer: ReturnType<typeof setInterval>;
  #last = performance.now();

  constructor() {
    this.#timer = setInterval(() => {
      const now = performance.now();
      this.#lags.push(Math.max(0, now - this.#last - INTERVAL));
      this.#last = now;
    }, INTERVAL);
  }

  /** Ends the watch; gives all that was seen, in milliseconds. */
  stop(): readonly number[] {
    clearInterval(this.#timer);
    return this.#lags;
  }
}
