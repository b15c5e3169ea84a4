/**
 * Fewer items that still do it (after Zeller's ddmin): leaves out halves, then quarters and so on, until no single item can be left out. All
 * are tried in order, so the same `fails` gives the same answer.
 *
 * @param fails whether what is left fails still; of `items` it is taken for granted
 */
export async function ddmin<T>(
  items: readonly T[],
  fails: (left: readonly T[]) => Promise<boolean>,
): Promise<readonly T[]> {
  let left = items;
  if (left.length === 0 || await fails([])) return [];
  let size = Math.ceil(left.length / 2);
  for (;;) {
    const before = left.length;
    for (let from = 0; from < left.length && left.length > 1;) {
      const without = [...left.slice(0, from), ...left.slice(from + size)];
      if (without.length > 0 && await fails(without)) left = without;
      else from += size;
    }
    // What could not be left out may be, once others are gone.
    if (size === 1 && left.length === before) return left;
    if (size > 1) size = Math.min(Math.ceil(size / 2), Math.max(1, left.length));
  }
}
