import { sorted } from "./quantile.ts";

/** How far apart two samples are. */
export interface KolmogorovSmirnov {
  /** The largest distance between the two empirical cumulative distributions, 0 (one distribution) to 1 (no overlap). */
  readonly statistic: number;
  /**
   * How likely a distance as large is if both samples come from one distribution: below the alpha of a test, they do not. From the
   * limit for large samples with Stephens' correction; good from about 8 samples on each side.
   */
  readonly pValue: number;
}

/**
 * The two-sample test of Kolmogorov and Smirnov. It asks for nothing but independent samples of continuous values; ties make it
 * cautious.
 *
 * @throws RangeError if a sample is empty, or holds NaN
 *
 * @example
 * ```ts
 * const { statistic, pValue } = kolmogorovSmirnov(live, simulated);
 * if (pValue < 0.001) console.log(`they differ: D = ${statistic}`);
 * ```
 */
export function kolmogorovSmirnov(a: readonly number[], b: readonly number[]): KolmogorovSmirnov {
  requireSample("a", a);
  requireSample("b", b);
  const statistic = largestDistance(sorted(a), sorted(b));
  const root = Math.sqrt(a.length * b.length / (a.length + b.length));
  return { statistic, pValue: tail((root + 0.12 + 0.11 / root) * statistic) };
}

function requireSample(name: string, sample: readonly number[]): void {
  if (sample.length === 0) throw new RangeError(`${name} is empty, expected at least one number`);
  if (sample.some(Number.isNaN)) throw new RangeError(`${name} holds NaN, expected numbers`);
}

/** Both ascending. Looked at after all samples of one value, so that ties count once. */
function largestDistance(a: Float64Array, b: Float64Array): number {
  let [i, j, largest] = [0, 0, 0];
  while (i < a.length && j < b.length) {
    const x = Math.min(a[i]!, b[j]!);
    while (a[i] === x) i++;
    while (b[j] === x) j++;
    largest = Math.max(largest, Math.abs(i / a.length - j / b.length));
  }
  return largest;
}

/** The part of Kolmogorov's distribution above `lambda`. */
function tail(lambda: number): number {
  // The series alternates and needs ever more terms near 0, where the sum is 1 to more than ten digits.
  if (lambda < 0.2) return 1;
  let sum = 0;
  for (let k = 1, sign = 1; k <= 100; k++, sign = -sign) {
    const term = Math.exp(-2 * (k * lambda) ** 2);
    sum += sign * term;
    if (term < 1e-16) break;
  }
  return Math.min(1, Math.max(0, 2 * sum));
}
