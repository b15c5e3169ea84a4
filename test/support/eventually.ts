import { inspect } from "node:util";

/** Options of {@linkcode eventually}. */
export interface EventuallyOptions {
  /** When to give up; 10 s unless told. */
  readonly timeoutMs?: number;
  /** Pause between two looks when nothing announces the change; 10 ms unless told. */
  readonly intervalMs?: number;
  /**
   * Subscribes `wake` to what announces the change and answers how to unsubscribe. Nothing is polled then, so a
   * condition that comes true unannounced is a failure.
   */
  readonly wakeOn?: (wake: () => void) => () => void;
  /** Gives up early, for instance `t.signal`. */
  readonly signal?: AbortSignal;
}

/** What a probe answers while its condition does not hold yet. */
export type NotYet = false | null | undefined;

/** A condition did not come true in time; `cause` is what the probe threw last. */
export class NeverHappenedError extends Error {
  override readonly name = "NeverHappenedError";
}

/**
 * Waits until `probe` answers something other than `false`, `null` or `undefined`, and answers that. A probe that
 * throws does not hold yet, so it may be made of assertions.
 *
 * @example
 * ```ts
 * const tracker = await eventually("a tracker of a later epoch", () => {
 *   const tracker = cluster.tracker();
 *   return tracker !== undefined && tracker.epoch > before && tracker;
 * });
 * ```
 */
export async function eventually<T>(
  what: string,
  probe: () => T | Promise<T>,
  { timeoutMs = 10_000, intervalMs = 10, wakeOn, signal }: EventuallyOptions = {},
): Promise<Exclude<T, NotYet>> {
  using limit = limited(timeoutMs, signal);
  using changes = wakeOn === undefined ? polled(intervalMs) : announced(wakeOn);
  let last: Miss | undefined;
  let looks = 0;
  while (limit.why === undefined) {
    looks++;
    const look = await Promise.race([lookAt(probe), limit.passed]);
    if (look === undefined) break;
    if (look.holds) return look.value;
    last = look;
    await Promise.race([changes.next(), limit.passed]);
  }
  throw new NeverHappenedError(
    `Waited for ${what}: not so ${limit.why} (${looks} looks); last seen: ${
      last?.seen ?? "no answer"
    }`,
    { cause: last?.thrown },
  );
}

interface Hit<T> {
  readonly holds: true;
  readonly value: Exclude<T, NotYet>;
}

interface Miss {
  readonly holds: false;
  readonly seen: string;
  readonly thrown?: unknown;
}

async function lookAt<T>(probe: () => T | Promise<T>): Promise<Hit<T> | Miss> {
  try {
    const value = await probe();
    return value === false || value === null || value === undefined
      ? { holds: false, seen: inspect(value) }
      : { holds: true, value: value as Exclude<T, NotYet> };
  } catch (thrown) {
    return { holds: false, seen: `thrown ${thrown}`, thrown };
  }
}

interface Limit extends Disposable {
  readonly passed: Promise<undefined>;
  /** Why it is over; undefined before. */
  why: string | undefined;
}

function limited(timeoutMs: number, signal: AbortSignal | undefined): Limit {
  const { promise, resolve } = withResolvers<undefined>();
  const end = (why: string) => {
    limit.why ??= why;
    resolve(undefined);
  };
  const aborted = () => end("when the signal was aborted");
  const timer = setTimeout(end, timeoutMs, `within ${timeoutMs} ms`);
  const limit: Limit = {
    passed: promise,
    why: undefined,
    [Symbol.dispose]() {
      clearTimeout(timer);
      signal?.removeEventListener("abort", aborted);
    },
  };
  if (signal?.aborted) aborted();
  else signal?.addEventListener("abort", aborted);
  return limit;
}

interface Changes extends Disposable {
  /** Resolves when it is worth to look again. */
  next(): Promise<void>;
}

function polled(intervalMs: number): Changes {
  let timer: ReturnType<typeof setTimeout> | undefined;
  return {
    next: () => new Promise((resolve) => timer = setTimeout(resolve, intervalMs)),
    [Symbol.dispose]: () => clearTimeout(timer),
  };
}

function announced(wakeOn: (wake: () => void) => () => void): Changes {
  let bell = withResolvers<void>();
  const unsubscribe = wakeOn(() => bell.resolve());
  return {
    // A change announced during the look has rung the bell already, so it is not slept through.
    async next() {
      await bell.promise;
      bell = withResolvers();
    },
    [Symbol.dispose]: unsubscribe,
  };
}

/** `Promise.withResolvers` for Node 20. */
function withResolvers<T>(): { promise: Promise<T>; resolve: (value: T) => void } {
  let resolve!: (value: T) => void;
  const promise = new Promise<T>((r) => resolve = r);
  return { promise, resolve };
}
