import type { Hashing } from "../actor/mod.ts";
import { toHex } from "./bytes.ts";
import { HASH_BYTES } from "./limits.ts";

/** What is hashed says what it is: a leaf never passes for a node, nor a node for a file. */
const LEAF = new Uint8Array([0]);
const NODE = new Uint8Array([1]);
const FILE = new TextEncoder().encode("troupe-file-1 sha256\0");

/**
 * The id of a file: Merkle root (the tree of RFC 6962) over its chunk hashes, bound to its size and chunk size.
 *
 * @param chunks the 32-byte hashes of the chunks, one after the other
 * @returns 64 hexadecimal digits
 *
 * @example
 * ```ts
 * const id = fileIdOf(ctx.hashing, 0, 262_144, new Uint8Array()); // the empty file's
 * ```
 */
export function fileIdOf(
  hashing: Hashing,
  size: number,
  chunkSize: number,
  chunks: Uint8Array,
): string {
  const numbers = new DataView(new ArrayBuffer(16));
  numbers.setBigUint64(0, BigInt(size));
  numbers.setBigUint64(8, BigInt(chunkSize));
  const root = hashing.sha256()
    .update(FILE)
    .update(new Uint8Array(numbers.buffer))
    .update(merkleRoot(hashing, chunks));
  return toHex(root.digest());
}

/** The root of the tree over `hashes`, 32 bytes each; that of no leaves is the hash of nothing. */
export function merkleRoot(hashing: Hashing, hashes: Uint8Array): Uint8Array {
  const level: Uint8Array[] = [];
  for (let at = 0; at < hashes.length; at += HASH_BYTES) {
    const leaf = hashes.subarray(at, at + HASH_BYTES);
    level.push(hashing.sha256().update(LEAF).update(leaf).digest());
  }
  if (level.length === 0) return hashing.sha256().digest();
  for (let count = level.length; count > 1; count = Math.ceil(count / 2)) {
    for (let i = 0; 2 * i < count; i++) level[i] = parent(hashing, level, 2 * i, count);
  }
  return level[0]!;
}

/** A node without a neighbour goes up as it is. */
function parent(
  hashing: Hashing,
  level: readonly Uint8Array[],
  left: number,
  count: number,
): Uint8Array {
  if (left + 1 === count) return level[left]!;
  return hashing.sha256().update(NODE).update(level[left]!).update(level[left + 1]!).digest();
}
