import { randomFillSync } from "node:crypto";
import { open } from "node:fs/promises";

/** Bytes that are drawn at once. */
const BLOCK = 4 * 1024 * 1024;

/** Makes a file of `size` random bytes: nothing on the way can make it smaller. @throws EEXIST if there is one */
export async function writeRandomFile(path: string, size: number): Promise<void> {
  const file = await open(path, "wx");
  const block = new Uint8Array(BLOCK);
  try {
    for (let written = 0; written < size; written += block.length) {
      randomFillSync(block);
      await file.writeFile(block.subarray(0, Math.min(block.length, size - written)));
    }
  } finally {
    await file.close();
  }
}
