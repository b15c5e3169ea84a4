import { median } from "./statistics.ts";

/** Measures once; gives the value. */
export type Measure = () => Promise<number>;

/** What each contestant gave in each round. */
export type Results<K extends string> = Readonly<Record<K, readonly number[]>>;

/**
 * Lets all contestants measure in turn, round after round, so that a slow spell of the machine meets all of them. The order is
 * turned around in every other round: who goes first finds other caches than who goes last.
 *
 * @param warmUps rounds that are run and not counted
 */
export async function rounds<K extends string>(
  count: number,
  contestants: Readonly<Record<K, Measure>>,
  warmUps = 1,
): Promise<Results<K>> {
  const names = Object.keys(contestants) as K[];
  const results = Object.fromEntries(names.map((name) => [name, []])) as unknown as Record<
    K,
    number[]
  >;
  for (let round = -warmUps; round < count; round++) {
    for (const name of round % 2 === 0 ? names : names.toReversed()) {
      const value = await contestants[name]();
      if (round >= 0) results[name].push(value);
    }
  }
  return results;
}

/** The value, its reference and their ratios, for a row. */
export function compare<K extends string>(
  results: Results<K>,
  mine: K,
  other: K,
  otherName: string,
): { value: number; reference: { name: string; value: number }; ratios: readonly number[] } {
  const reference = results[other];
  return {
    value: median(results[mine]),
    reference: { name: otherName, value: median(reference) },
    ratios: results[mine].map((value, round) => value / (reference[round] ?? NaN)),
  };
}
