import { InvalidOptionError } from "../../actor/mod.ts";
import { ln } from "./logarithm.ts";

/** A distribution of delays: milliseconds for a draw 0 <= `u` < 1 (an inverse cumulative distribution function). */
export type Latency = (u: number) => number;

/** Always `ms` milliseconds, from 0. @throws InvalidOptionError */
export function constant(ms: number): Latency {
  check("constant", ms);
  return () => ms;
}

/** `min` to `max` milliseconds, 0 <= min <= max, all equally likely. @throws InvalidOptionError */
export function uniform(min: number, max: number): Latency {
  check("min", min);
  check("max", max, min);
  return (u) => min + u * (max - min);
}

/** `min` milliseconds and an exponential tail of `mean` milliseconds more: most are short, few are long. @throws InvalidOptionError */
export function exponential(mean: number, min: number = 0): Latency {
  check("mean", mean);
  check("min", min);
  return (u) => min - mean * ln(1 - u);
}

/**
 * As measured: `samples` in milliseconds, at least one, in any order. Between two neighbours all values are equally likely.
 *
 * @throws InvalidOptionError
 */
export function empirical(samples: readonly number[]): Latency {
  if (samples.length === 0) {
    throw new InvalidOptionError("samples", samples, "at least one number of milliseconds");
  }
  samples.forEach((sample, i) => check(`samples[${i}]`, sample));
  const sorted = Float64Array.from(samples).sort();
  const last = sorted.length - 1;
  return (u) => {
    const place = u * last;
    const i = Math.floor(place);
    const low = sorted[i]!;
    return low + (place - i) * ((sorted[i + 1] ?? low) - low);
  };
}

function check(name: string, ms: number, min: number = 0): void {
  if (Number.isFinite(ms) && ms >= min) return;
  throw new InvalidOptionError(`latency.${name}`, ms, `a number of milliseconds from ${min}`);
}
