import type { Clock } from "../actor/mod.ts";

/**
 * Runs `work` for at most `ms` milliseconds. Settles at once when they are over or `signal` is aborted, whatever
 * `work` does then; its own signal is aborted, and what it still gives is dropped.
 *
 * @param late makes the error for a time-out
 */
export function within<T>(
  clock: Clock,
  ms: number,
  signal: AbortSignal,
  late: () => Error,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason);
    const inner = new AbortController();
    const end = (settle: () => void): void => {
      timer[Symbol.dispose]();
      signal.removeEventListener("abort", onAbort);
      settle();
    };
    const give = (reason: unknown): void => {
      end(() => reject(reason));
      inner.abort(reason);
    };
    const onAbort = (): void => give(signal.reason);
    const timer = clock.setTimeout(() => give(late()), ms);
    signal.addEventListener("abort", onAbort, { once: true });
    started(work, inner.signal).then(
      (value) => end(() => resolve(value)),
      (error) => end(() => reject(error)),
    );
  });
}

/** A `work` that throws before its first wait rejects like any other. */
async function started<T>(
  work: (signal: AbortSignal) => Promise<T>,
  signal: AbortSignal,
): Promise<T> {
  return await work(signal);
}
