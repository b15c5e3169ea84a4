/** Numbers in a block: 512 KiB. */
const BLOCK = 64 * 2 ** 10;

/** Keeps more and more in this thread's heap, until its limit ends it. */
export function hoard(): never {
  const blocks: number[][] = [];
  // Fractions, which are kept as they are: whole numbers might need no heap.
  for (;;) blocks.push(new Array<number>(BLOCK).fill(blocks.length + 0.5));
}
