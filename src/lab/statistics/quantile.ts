/** Samples from which a 99th percentile says something: five beyond it. */
export const ENOUGH_FOR_P99 = 500;

/** `samples` from the smallest to the largest. */
export function sorted(samples: readonly number[]): Float64Array {
  return Float64Array.from(samples).sort();
}

/**
 * The value below which the part `p` of the samples lies, 0 <= `p` <= 1; between two samples, on the line from one to the other.
 * NaN of none.
 *
 * @param ascending as {@linkcode sorted} gives them
 */
export function quantile(ascending: ArrayLike<number>, p: number): number {
  const place = p * (ascending.length - 1);
  const low = Math.floor(place);
  const below = ascending[low];
  if (below === undefined) return NaN;
  return below + (place - low) * ((ascending[low + 1] ?? below) - below);
}

/** NaN of none. */
export function mean(samples: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < samples.length; i++) sum += samples[i]!;
  return sum / samples.length;
}
