import type { Clock } from "./clock.ts";
import type { Callback } from "./inbox.ts";

/** The timers of one actor, which go off in its turn and end with it. */
export class ActorTimers {
  readonly #clock: Clock;
  readonly #post: (callback: Callback) => void;
  readonly #running = new Set<Disposable>();

  /** @param post runs a callback in the actor's turn */
  constructor(clock: Clock, post: (callback: Callback) => void) {
    this.#clock = clock;
    this.#post = post;
  }

  /** `fn` runs in the actor's turn, at least `ms` milliseconds from now, unless this is disposed of before that. */
  after(ms: number, fn: Callback): Disposable {
    let on = true;
    const timer = this.#clock.setTimeout(() => {
      this.#running.delete(handle);
      this.#post(() => on ? fn() : undefined);
    }, ms);
    const handle: Disposable = {
      [Symbol.dispose]: () => {
        on = false;
        this.#running.delete(handle);
        timer[Symbol.dispose]();
      },
    };
    this.#running.add(handle);
    return handle;
  }

  clear(): void {
    for (const timer of this.#running) timer[Symbol.dispose]();
  }
}
