/** Milliseconds between two looks at the flag. */
const LOOK = 50;
/** Milliseconds after which a blocked thread goes on by itself. */
const LIMIT = 60_000;

/**
 * Blocks this thread, its event loop included, until the first word of `flag` is not 0. Looks again and again: a wait
 * without end could not be ended from outside on every runtime.
 */
export function block(flag: SharedArrayBuffer): void {
  const word = new Int32Array(flag);
  for (let waited = 0; waited < LIMIT && Atomics.load(word, 0) === 0; waited += LOOK) {
    Atomics.wait(word, 0, 0, LOOK);
  }
}
