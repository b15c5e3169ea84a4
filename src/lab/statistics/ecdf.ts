import { sorted } from "./quantile.ts";

/** A step of an empirical distribution: the part of the samples that are at most `x`. */
export type EcdfStep = readonly [x: number, part: number];

/** The empirical cumulative distribution of `samples`: a step per value, ascending, the last at 1. */
export function ecdf(samples: readonly number[]): readonly EcdfStep[] {
  const ascending = sorted(samples);
  const steps: EcdfStep[] = [];
  for (let i = 0; i < ascending.length; i++) {
    if (ascending[i] !== ascending[i + 1]) steps.push([ascending[i]!, (i + 1) / ascending.length]);
  }
  return steps;
}
