import type { Clock } from "../../actor/mod.ts";

/** setTimeout fires at once above this many milliseconds. */
const LONGEST = 2 ** 31 - 1;

/**
 * Real time. Threads have different origins of `performance.now()`, so all of a system count from one `start`,
 * which the main thread chose: their times can be compared.
 *
 * @param start milliseconds since 1970
 */
export function threadClock(start: number): Clock {
  const offset = performance.timeOrigin - start;
  return {
    now: () => performance.now() + offset,
    wall: () => Date.now(),
    setTimeout: (fn, ms) => {
      const due = performance.now() + ms;
      if (ms < 1) return soon(fn, due);
      let timer: ReturnType<typeof setTimeout>;
      const arm = (left: number): void => {
        timer = left > LONGEST
          ? setTimeout(() => arm(due - performance.now()), LONGEST)
          : setTimeout(fn, left);
      };
      arm(ms);
      return { [Symbol.dispose]: () => clearTimeout(timer) };
    },
  };
}

/**
 * Calls `fn` at `due`, less than a millisecond from now. Timers have whole milliseconds, and may go off almost one too early: who
 * then waits for the rest would get another whole one. The event loop goes round until it is time.
 */
function soon(fn: () => void, due: number): Disposable {
  const look = (): void => {
    if (performance.now() >= due) fn();
    else next = setImmediate(look);
  };
  let next = setImmediate(look);
  return { [Symbol.dispose]: () => clearImmediate(next) };
}

/** The start that {@linkcode threadClock} takes, for a system that begins now. */
export function clockStart(): number {
  return performance.timeOrigin + performance.now();
}
