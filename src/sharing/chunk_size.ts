import type { ManifestLimits } from "./limits.ts";
import { MANIFEST_LIMITS } from "./limits.ts";

/**
 * The chunk size for a file of `size` bytes: the smallest power of two within the limits that gives no more chunks than
 * they aim at; the largest where none does (`sharing.md`).
 *
 * @example
 * ```ts
 * chunkSizeFor(2 ** 30); // 1048576
 * ```
 */
export function chunkSizeFor(size: number, limits: ManifestLimits = MANIFEST_LIMITS): number {
  const { minChunkSize, maxChunkSize, easyChunkSize, targetChunks, manyChunks } = limits;
  let chunkSize = minChunkSize;
  while (
    chunkSize < maxChunkSize &&
    size > chunkSize * (chunkSize < easyChunkSize ? targetChunks : manyChunks)
  ) chunkSize *= 2;
  return chunkSize;
}

/** How many chunks `size` bytes make; none for an empty file. */
export function chunkCount(size: number, chunkSize: number): number {
  return Math.ceil(size / chunkSize);
}

/** Bytes of chunk `index`: the last one may be shorter. */
export function chunkLength(size: number, chunkSize: number, index: number): number {
  return Math.min(chunkSize, size - index * chunkSize);
}
