import type { Clock } from "../actor/mod.ts";
import { Rate } from "./rate.ts";
import type { HolderView } from "./schedule.ts";
import { windowFor } from "./window.ts";

/** A holder that is asked. */
export class Member implements HolderView {
  readonly id: string;
  readonly lacks: Set<number> = new Set();
  readonly rate: Rate;
  inFlight = 0;
  bytes = 0;
  /** It said it is busy, and is left alone for a while. */
  rest: Disposable | undefined;
  busy = 0;
  /** It has said which chunks it has. */
  described = false;
  /** How often since its last chunk it did not have what it was asked for. */
  denied = 0;
  /** It is asked which chunks it has. */
  learning = false;
  /** Smoothed milliseconds from request to answer. */
  msPerChunk: number | undefined;
  /** Bytes; 0 until the manifest is here. */
  chunkSize = 0;
  readonly #maxWindow: number;
  readonly #controller = new AbortController();
  /** Listeners of a signal are many times as dear, and there is one for every request. */
  readonly #onEnd = new Set<(why: unknown) => void>();

  constructor(id: string, clock: Clock, maxWindow: number) {
    this.id = id;
    this.rate = new Rate(clock);
    this.#maxWindow = maxWindow;
  }

  get window(): number {
    if (this.rest !== undefined) return 0;
    if (this.chunkSize === 0) return 1;
    return windowFor(this.rate.value, this.chunkSize, this.#maxWindow);
  }

  /** Aborted when it is not asked any more. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** A chunk came, `ms` milliseconds after it was asked for. */
  gave(bytes: number, ms: number): void {
    this.bytes += bytes;
    this.rate.add(bytes);
    this.busy = 0;
    this.denied = 0;
    this.msPerChunk = this.msPerChunk === undefined ? ms : this.msPerChunk * 0.75 + ms * 0.25;
  }

  /** Tells `fn` when it is not asked any more. */
  onEnd(fn: (why: unknown) => void): Disposable {
    this.#onEnd.add(fn);
    return { [Symbol.dispose]: () => void this.#onEnd.delete(fn) };
  }

  end(why: unknown): void {
    this.rest?.[Symbol.dispose]();
    this.#controller.abort(why);
    for (const fn of [...this.#onEnd]) fn(why);
  }
}
