import { setImmediate } from "node:timers";
import type { Clock } from "../../src/actor/mod.ts";

interface Timer {
  readonly due: number;
  readonly order: number;
  readonly fn: () => void;
}

/** Time that passes only when nothing else is left to do. */
export interface VirtualClock extends Clock {
  /**
   * Lets everything happen until `promise` settles, and gives its result. Fails where it would hang: nothing is left
   * to do, and no timer is set.
   */
  run<T>(promise: Promise<T>): Promise<T>;
}

export function virtualClock(): VirtualClock {
  let now = 0;
  let order = 0;
  const timers = new Set<Timer>();

  function next(): Timer | undefined {
    let first: Timer | undefined;
    for (const timer of timers) {
      const sooner = first === undefined || timer.due < first.due ||
        (timer.due === first.due && timer.order < first.order);
      if (sooner) first = timer;
    }
    return first;
  }

  return {
    now: () => now,
    wall: () => 1.7e12 + now,
    setTimeout(fn, ms) {
      const timer: Timer = { due: now + Math.max(0, ms), order: order++, fn };
      timers.add(timer);
      return { [Symbol.dispose]: () => void timers.delete(timer) };
    },
    async run(promise) {
      let settled = false;
      const end = (): void => void (settled = true);
      promise.then(end, end);
      for (;;) {
        // All microtasks run before it.
        await new Promise((resolve) => setImmediate(resolve));
        if (settled) return await promise;
        const timer = next();
        if (timer === undefined) throw new Error("it hangs: nothing is left to do");
        timers.delete(timer);
        now = Math.max(now, timer.due);
        timer.fn();
      }
    },
  };
}
