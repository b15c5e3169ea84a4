import type { Clock } from "../../actor/mod.ts";
import type { OwnedThread } from "./ground.ts";

/** Settles when `thread` is ready; rejects when it ends before, after `ms` milliseconds, and with the reason of `signal`. */
export function whenReady(
  { ready }: Pick<OwnedThread, "ready">,
  ms: number,
  signal: AbortSignal | undefined,
  clock: Clock,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = ms === Infinity ? undefined : clock.setTimeout(() => {
      reject(new Error(`its thread was not ready within ${ms} ms`));
    }, ms);
    const abort = (): void => reject(signal?.reason);
    signal?.addEventListener("abort", abort, { once: true });
    if (signal?.aborted) abort();
    ready.then(resolve, reject).finally(() => {
      timer?.[Symbol.dispose]();
      signal?.removeEventListener("abort", abort);
    });
  });
}
