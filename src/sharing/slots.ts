/** Who waits for a slot. */
interface Waiter {
  readonly priority: number;
  readonly order: number;
  readonly go: () => void;
}

/**
 * So many at once, no more; the others wait, those of higher priority first, then who came first.
 *
 * @example
 * ```ts
 * using slot = await slots.take(0, signal);
 * ```
 */
export class Slots {
  #limit: number;
  #taken = 0;
  #order = 0;
  readonly #waiting: Waiter[] = [];

  /** @param limit 1 or more; Infinity for no limit */
  constructor(limit: number) {
    this.#limit = limit;
  }

  get limit(): number {
    return this.#limit;
  }

  set limit(limit: number) {
    this.#limit = limit;
    this.#next();
  }

  get waiting(): number {
    return this.#waiting.length;
  }

  /** Waits for a slot, which is free again when it is disposed of. Rejects with the signal's reason. */
  async take(priority: number, signal?: AbortSignal): Promise<Disposable> {
    signal?.throwIfAborted();
    if (this.#taken < this.#limit) this.#taken++;
    else await this.#wait(priority, signal);
    let free = false;
    return {
      [Symbol.dispose]: () => {
        if (free) return;
        free = true;
        this.#taken--;
        this.#next();
      },
    };
  }

  #wait(priority: number, signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve, reject) => {
      const onAbort = (): void => {
        this.#waiting.splice(this.#waiting.indexOf(waiter), 1);
        reject(signal!.reason);
      };
      const waiter: Waiter = {
        priority,
        order: this.#order++,
        go: () => {
          signal?.removeEventListener("abort", onAbort);
          resolve();
        },
      };
      signal?.addEventListener("abort", onAbort, { once: true });
      this.#waiting.push(waiter);
      this.#waiting.sort((a, b) => b.priority - a.priority || a.order - b.order);
    });
  }

  #next(): void {
    while (this.#taken < this.#limit) {
      const waiter = this.#waiting.shift();
      if (waiter === undefined) return;
      this.#taken++;
      waiter.go();
    }
  }
}
