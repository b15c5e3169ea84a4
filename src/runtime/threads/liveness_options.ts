import { InvalidOptionError } from "../../actor/mod.ts";

/** How threads are watched. A silent one is suspected by phi accrual (reference `actors.md` §3.12). */
export interface LivenessOptions {
  /** Milliseconds from 10 between two beats of a thread; default 250. */
  readonly intervalMs?: number;
  /** Suspicion begins at this phi, above 0; default 8. */
  readonly threshold?: number;
  /** Milliseconds from 0 of silence that are never suspicious; default 1 000. With all defaults: suspect after 1.38 s. */
  readonly acceptablePauseMs?: number;
  /** Ends every suspected thread, whatever its actors ask for; default false. */
  readonly kill?: boolean;
}

const DEFAULTS: Required<LivenessOptions> = {
  intervalMs: 250,
  threshold: 8,
  acceptablePauseMs: 1_000,
  kill: false,
};

const DEFAULT_MAX_ZOMBIES = 16;

/**
 * `options` with their defaults.
 *
 * @throws InvalidOptionError naming the option and its value
 */
export function checkLiveness(options: LivenessOptions = {}): Required<LivenessOptions> {
  if (typeof options !== "object" || options === null) {
    throw new InvalidOptionError("liveness", options, "an object");
  }
  for (const key of Object.keys(options)) {
    if (!(key in DEFAULTS)) {
      throw new InvalidOptionError(
        "an option of liveness",
        key,
        `one of ${Object.keys(DEFAULTS).join(", ")}`,
      );
    }
  }
  const complete = { ...DEFAULTS, ...options };
  checkNumber("intervalMs", complete.intervalMs, (n) => n >= 10, "milliseconds from 10");
  checkNumber("threshold", complete.threshold, (n) => n > 0, "a number above 0");
  checkNumber(
    "acceptablePauseMs",
    complete.acceptablePauseMs,
    (n) => n >= 0,
    "milliseconds from 0",
  );
  if (typeof complete.kill !== "boolean") {
    throw new InvalidOptionError("liveness.kill", complete.kill, "true or false");
  }
  return complete;
}

/** @throws InvalidOptionError */
export function checkMaxZombies(value: number = DEFAULT_MAX_ZOMBIES): number {
  if (value === Infinity || (Number.isSafeInteger(value) && value >= 1)) return value;
  throw new InvalidOptionError("maxZombies", value, "a whole number from 1, or Infinity");
}

function checkNumber(
  name: string,
  value: unknown,
  fits: (value: number) => boolean,
  expected: string,
): void {
  if (typeof value === "number" && Number.isFinite(value) && fits(value)) return;
  throw new InvalidOptionError(`liveness.${name}`, value, expected);
}
