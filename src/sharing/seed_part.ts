import type { Disk } from "../actor/mod.ts";

/** Bytes that are copied at once. */
const BLOCK = 2 ** 20;

/**
 * Copies a damaged file to where its unfinished successor lies, so that a download of it fetches only what is damaged.
 *
 * @param size bytes that the file should have
 */
export async function seedPart(
  disk: Disk,
  from: string,
  to: string,
  size: number,
  signal: AbortSignal,
): Promise<void> {
  await disk.remove(to);
  await using source = await disk.open(from, "read");
  await using part = await disk.open(to, "create");
  await part.truncate(size);
  const block = new Uint8Array(Math.min(BLOCK, size));
  for (let at = 0; at < size; at += BLOCK) {
    signal.throwIfAborted();
    const read = await source.read(block.subarray(0, Math.min(BLOCK, size - at)), at);
    if (read === 0) break;
    await part.write(block.subarray(0, read), at);
  }
}
