import type { Clock } from "./clock.ts";
import { StartFailedError } from "./errors.ts";
import { toError } from "./exit_reason.ts";

/** The time that a start may take, in all its steps together, and the signal that ends it. */
export class StartLimit {
  readonly #clock: Clock;
  readonly #what: string;
  readonly #ms: number;
  /** When it began, on the clock; what was spent before is taken off. */
  readonly #begun: number;
  readonly #signal: AbortSignal | undefined;

  /**
   * @param what whom errors name
   * @param ms milliseconds, or Infinity
   * @param spent of these, what is over already
   */
  constructor(
    clock: Clock,
    what: string,
    ms: number,
    spent: number,
    signal: AbortSignal | undefined,
  ) {
    this.#clock = clock;
    this.#what = what;
    this.#ms = ms;
    this.#begun = clock.now() - spent;
    this.#signal = signal;
  }

  /** `step`, or the error of whichever of time and signal comes first. @throws StartFailedError naming the whole limit */
  hold<T>(step: Promise<T>): Promise<T> {
    const ms = this.#ms;
    const signal = this.#signal;
    const spent = this.#clock.now() - this.#begun;
    const left = Math.max(1, ms - spent);
    return new Promise((resolve, reject) => {
      const timer = ms === Infinity ? undefined : this.#clock.setTimeout(() => {
        const rest = spent < 1 ? "" : `, of which ${Math.round(left)} ms were left when it began`;
        const why = new Error(`it was not ready within ${ms} ms${rest}`);
        reject(new StartFailedError(this.#what, why));
      }, left);
      const abort = (): void => reject(toError(signal?.reason));
      signal?.addEventListener("abort", abort, { once: true });
      step.then(resolve, reject).finally(() => {
        timer?.[Symbol.dispose]();
        signal?.removeEventListener("abort", abort);
      });
    });
  }
}
