/** Milliseconds of work that lie with a holder: enough to keep it busy, little to lose with it. */
const AHEAD_MS = 250;

/** Requests to a holder whose speed is not known. */
const AT_FIRST = 2;

/**
 * How many chunks may be asked of a holder at once: what it sends in a quarter of a second, so that a fast one never
 * waits for a question and a slow one does not sit on chunks that others would have sent.
 *
 * @param rate its bytes per second; 0 while nothing came
 * @param max the answer is never larger, nor smaller than 2 where `max` allows
 *
 * @example
 * ```ts
 * windowFor(40e6, 2 ** 20, 16); // 10
 * ```
 */
export function windowFor(rate: number, chunkSize: number, max: number): number {
  const ahead = Math.ceil(rate * AHEAD_MS / 1_000 / chunkSize);
  return Math.min(max, Math.max(AT_FIRST, ahead));
}
