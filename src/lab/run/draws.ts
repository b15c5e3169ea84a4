import type { Random } from "../../actor/mod.ts";
import { keyedRandom } from "../../actor/mod.ts";
import type { Span } from "../scenario/schedule.ts";

/**
 * What chance decides when something that is planned happens for the `count`th time: a function of seed, id and count alone, so that leaving
 * one fault out of a schedule reshuffles no other.
 */
export function drawsOf(seed: string, id: string, count: number): Random {
  return keyedRandom(seed).stream(`scenario ${id}`).stream(String(count));
}

/** One value of `span`. */
export function draw(span: Span, random: Random): number {
  return typeof span === "number" ? span : span.min + random.next() * (span.max - span.min);
}

/** `items` in a random order. */
export function shuffled<T>(items: readonly T[], random: Random): T[] {
  const left = [...items];
  const result: T[] = [];
  while (left.length > 0) result.push(...left.splice(random.below(left.length), 1));
  return result;
}
