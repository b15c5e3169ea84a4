const RANGES = /^(?:\d+(?:-\d+)?)(?:,\d+(?:-\d+)?)*$/;

/**
 * Ascending whole numbers as text, neighbours as ranges.
 *
 * @example
 * ```ts
 * formatRanges([0, 1, 2, 7]); // "0-2,7"
 * ```
 */
export function formatRanges(sorted: Iterable<number>): string {
  const ranges: [number, number][] = [];
  for (const n of sorted) {
    const last = ranges.at(-1);
    if (last !== undefined && last[1] === n - 1) last[1] = n;
    else ranges.push([n, n]);
  }
  return ranges.map(([from, to]) => from === to ? `${from}` : `${from}-${to}`).join(",");
}

/** The numbers that {@linkcode formatRanges} wrote; undefined if the text is not of it or has numbers from `below` on. */
export function parseRanges(text: string, below: number): number[] | undefined {
  if (!RANGES.test(text)) return undefined;
  const numbers: number[] = [];
  for (const range of text.split(",")) {
    const [from, to = from] = range.split("-").map(Number) as [number, number?];
    // Checked before it is counted out: a range may be absurdly long.
    if (!(from <= to! && to! < below && numbers.length <= below)) return undefined;
    for (let n = from; n <= to!; n++) numbers.push(n);
  }
  return numbers;
}
