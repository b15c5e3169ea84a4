/**
 * What the collector leaves in peace: buffers that are transferred count as garbage to come, and with more of them under
 * way it goes through the whole heap every few dozen chunks (`bench/transfer`).
 */
const EASY_BYTES = 8 * 2 ** 20;
/** As many as two holders and a write need to be busy. */
const EASY_SLOTS = 4;
const MAX_BYTES = 32 * 2 ** 20;
const MIN_SLOTS = 2;

/**
 * How many chunks a download may have under way at once.
 *
 * @param bytes of buffers altogether; unless told 8 MiB, or four chunks where that is more, 32 MiB at most
 *
 * @example
 * ```ts
 * slotsFor(2 ** 20); // 8
 * slotsFor(2 ** 22); // 4
 * slotsFor(2 ** 24); // 2
 * ```
 */
export function slotsFor(chunkSize: number, bytes?: number): number {
  const easy = Math.min(MAX_BYTES, Math.max(EASY_BYTES, EASY_SLOTS * chunkSize));
  return Math.max(MIN_SLOTS, Math.floor((bytes ?? easy) / chunkSize));
}
