import { BadMessageError } from "./errors.ts";
import { formatRanges, parseRanges } from "./ranges.ts";

/** What a holder that has the whole file says. */
const ALL = "all";

/** More chunks than this in single pieces take no more characters than that. */
const MAX_TEXT = 1_000_000;

/** What a holder says it has of a file of `count` chunks: `all`, or ranges as `0-3,7`; nothing at all is empty. */
export function describeHave(count: number, has: (index: number) => boolean): string {
  const indexes: number[] = [];
  for (let index = 0; index < count; index++) if (has(index)) indexes.push(index);
  return indexes.length === count ? ALL : formatRanges(indexes);
}

/**
 * The chunks that a holder does not have, from what it said of itself.
 *
 * @throws BadMessageError if `answer` is not what {@linkcode describeHave} gives
 */
export function absentFrom(answer: unknown, count: number): number[] {
  if (answer === ALL) return [];
  const present = typeof answer === "string" && answer.length <= MAX_TEXT
    ? answer === "" ? [] : parseRanges(answer, count)
    : undefined;
  if (present === undefined) {
    throw new BadMessageError("have", answer, `"all" or ranges of chunks below ${count}`);
  }
  const has = new Set(present);
  return Array.from({ length: count }, (_, index) => index).filter((index) => !has.has(index));
}
