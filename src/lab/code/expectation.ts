import type { CheckResult } from "../run/run_result.ts";
import { readDuration } from "../scenario/quantities.ts";

/** A demand on a number: ms may be said as durations. */
export class Expectation {
  readonly #value: number;
  readonly #what: string;
  readonly #add: (check: CheckResult) => void;

  constructor(value: number, what: string, add: (check: CheckResult) => void) {
    this.#value = value;
    this.#what = what;
    this.#add = add;
  }

  below(limit: string | number): void {
    this.#judge("<", readDuration(limit), (value, most) => value < most);
  }

  above(limit: string | number): void {
    this.#judge(">", readDuration(limit), (value, least) => value > least);
  }

  equals(expected: number): void {
    this.#judge("==", expected, (value, other) => value === other);
  }

  #judge(op: string, limit: number, holds: (value: number, limit: number) => boolean): void {
    const ok = holds(this.#value, limit);
    this.#add({
      check: `${this.#what} ${op} ${limit}`,
      verdict: ok ? "pass" : "fail",
      message: `${this.#what} is ${Math.round(this.#value * 10) / 10}`,
      measured: this.#value,
      limit,
      ...(!ok && { culprit: this.#what }),
    });
  }
}
