import { InvalidOptionError } from "../actor/mod.ts";

/**
 * Pauses between restarts that grow (§3.10, after Pekko's `BackoffSupervisor`): restart n (from 0) waits
 * `min(max, min·2ⁿ)` milliseconds, lengthened by up to `randomFactor` of that. Every attempt still counts toward
 * `intensity`.
 */
export interface Backoff {
  /** Milliseconds before the first restart, above 0. */
  readonly min: number;
  /** Milliseconds that no pause exceeds before it is lengthened at random; at least `min`. */
  readonly max: number;
  /** 0 or more; default 0.2: a pause is up to a fifth longer. */
  readonly randomFactor?: number;
  /** A child that ran this many milliseconds begins again at `min`; default (min + max) / 2. */
  readonly resetAfter?: number;
  /** Restarts in a row after which the supervisor gives up; default Infinity. */
  readonly maxRestarts?: number;
}

/** {@linkcode Backoff} with its defaults. */
export type CompleteBackoff = Required<Backoff>;

/** Pekko's documentation recommends it; without it a herd of children comes back at once. */
const DEFAULT_RANDOM_FACTOR = 0.2;

/**
 * `backoff` with its defaults.
 *
 * @param where how errors call it, as `backoff of child "a"`
 * @throws InvalidOptionError
 */
export function checkBackoff(backoff: Backoff, where: string): CompleteBackoff {
  if (typeof backoff !== "object" || backoff === null) {
    throw new InvalidOptionError(where, backoff, "an object with min and max");
  }
  const { min, max, randomFactor = DEFAULT_RANDOM_FACTOR, maxRestarts = Infinity } = backoff;
  checkNumber(min, `min of ${where}`, (n) => n > 0, "milliseconds above 0");
  checkNumber(max, `max of ${where}`, (n) => n >= min, `milliseconds from min, which is ${min}`);
  checkNumber(randomFactor, `randomFactor of ${where}`, (n) => n >= 0, "a number from 0");
  const { resetAfter = (min + max) / 2 } = backoff;
  checkNumber(resetAfter, `resetAfter of ${where}`, (n) => n >= 0, "milliseconds from 0");
  if (maxRestarts !== Infinity) {
    checkNumber(
      maxRestarts,
      `maxRestarts of ${where}`,
      (n) => n >= 0,
      "restarts from 0, or Infinity",
    );
  }
  return { min, max, randomFactor, resetAfter, maxRestarts };
}

function checkNumber(
  value: unknown,
  field: string,
  fits: (n: number) => boolean,
  expected: string,
): void {
  if (typeof value !== "number" || !Number.isFinite(value) || !fits(value)) {
    throw new InvalidOptionError(field, value, expected);
  }
}

/**
 * Milliseconds before restart `n`, from 0. The random part comes after the cap, as in Pekko.
 *
 * @param random drawn for this pause, 0 <= random < 1
 */
export function backoffDelay(backoff: CompleteBackoff, n: number, random: number): number {
  return cappedDelay(backoff, n) * (1 + random * backoff.randomFactor);
}

/** The pause before restart `n` without its random part. 2ⁿ overflows to Infinity, which the cap takes. */
function cappedDelay(backoff: CompleteBackoff, n: number): number {
  return Math.min(backoff.max, backoff.min * 2 ** n);
}

/** Whether a child that ran from `startedAt` to `now` begins again at the first pause. */
export function backoffResets(backoff: CompleteBackoff, startedAt: number, now: number): boolean {
  return now - startedAt >= backoff.resetAfter;
}

/** How many restarts one ladder of pauses uses up in `periodMs` when every start fails at once, without the random part. */
export function ladderLength(backoff: CompleteBackoff, periodMs: number): number {
  let attempts = 0;
  for (let at = 0; at <= periodMs; at += cappedDelay(backoff, attempts++)) {
    if (attempts >= backoff.maxRestarts) return attempts;
  }
  return attempts;
}
