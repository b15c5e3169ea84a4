import type { Clock } from "./clock.ts";

interface Waiting {
  readonly due: number;
  readonly id: number;
}

/**
 * Timers for many waits of few different lengths: one queue and one timer per length, so that a wait that is
 * settled in time costs no timer of its own.
 */
export class Deadlines {
  readonly #clock: Clock;
  readonly #isOpen: (id: number) => boolean;
  readonly #expire: (id: number) => void;
  readonly #queues = new Map<number, Queue>();

  /**
   * @param isOpen whether the wait `id` is still unsettled
   * @param expire called once for each wait that is unsettled when its time is up
   */
  constructor(clock: Clock, isOpen: (id: number) => boolean, expire: (id: number) => void) {
    this.#clock = clock;
    this.#isOpen = isOpen;
    this.#expire = expire;
  }

  add(id: number, ms: number): void {
    let queue = this.#queues.get(ms);
    if (queue === undefined) {
      queue = { waiting: [], head: 0, timer: undefined };
      this.#queues.set(ms, queue);
    }
    this.#skipSettled(queue);
    queue.waiting.push({ due: this.#clock.now() + ms, id });
    if (queue.timer === undefined) this.#arm(queue, ms, ms);
  }

  /** Gives up all waits without telling anyone. */
  clear(): void {
    for (const queue of this.#queues.values()) queue.timer?.[Symbol.dispose]();
    this.#queues.clear();
  }

  #arm(queue: Queue, length: number, ms: number): void {
    queue.timer = this.#clock.setTimeout(() => this.#fire(queue, length), ms);
  }

  #fire(queue: Queue, length: number): void {
    queue.timer = undefined;
    const now = this.#clock.now();
    for (;;) {
      this.#skipSettled(queue);
      const first = queue.waiting[queue.head];
      if (first === undefined) {
        this.#queues.delete(length);
        return;
      }
      if (first.due > now) return this.#arm(queue, length, first.due - now);
      queue.head++;
      this.#expire(first.id);
    }
  }

  #skipSettled(queue: Queue): void {
    for (;;) {
      const first = queue.waiting[queue.head];
      if (first === undefined || this.#isOpen(first.id)) break;
      queue.head++;
    }
    if (
      queue.head === queue.waiting.length ||
      (queue.head > 1024 && queue.head * 2 > queue.waiting.length)
    ) {
      queue.waiting = queue.waiting.slice(queue.head);
      queue.head = 0;
    }
  }
}

interface Queue {
  waiting: Waiting[];
  head: number;
  timer: Disposable | undefined;
}
