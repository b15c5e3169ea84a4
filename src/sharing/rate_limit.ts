import type { Clock } from "../actor/mod.ts";
import { sleep } from "./pause.ts";

/** Milliseconds of the rate that may be taken at once after a rest. */
const BURST_MS = 250;

/**
 * Bytes a second, no more. Who takes more than there is runs into debt and makes the next ones wait, so that pieces
 * larger than the burst get through as well.
 *
 * @example
 * ```ts
 * const limit = new RateLimit(ctx.clock, 2 ** 20);
 * await limit.take(chunk.length, signal);
 * ```
 */
export class RateLimit {
  readonly #clock: Clock;
  #perMs: number;
  #credit = 0;
  #at: number;

  /** @param bytesPerSecond above 0; Infinity for no limit */
  constructor(clock: Clock, bytesPerSecond: number = Infinity) {
    this.#clock = clock;
    this.#perMs = bytesPerSecond / 1_000;
    this.#at = clock.now();
  }

  get bytesPerSecond(): number {
    return this.#perMs * 1_000;
  }

  /** From now on; what waits already waits as long as it would have. */
  set bytesPerSecond(rate: number) {
    this.#perMs = rate / 1_000;
    this.#credit = 0;
    this.#at = this.#clock.now();
  }

  /** Settles when `bytes` more may go, or `signal` is aborted: nothing is taken then. */
  async take(bytes: number, signal: AbortSignal): Promise<void> {
    if (this.#perMs === Infinity) return;
    const now = this.#clock.now();
    this.#credit = Math.min(this.#perMs * BURST_MS, this.#credit + (now - this.#at) * this.#perMs);
    this.#at = now;
    const wait = this.#credit > 0 ? 0 : -this.#credit / this.#perMs;
    this.#credit -= bytes;
    if (wait === 0) return;
    await sleep(this.#clock, wait, signal);
    if (signal.aborted) this.#credit += bytes;
  }
}
