import type { Hashing } from "../actor/mod.ts";
import { sameBytes } from "./bytes.ts";
import { chunkCount } from "./chunk_size.ts";
import { BadManifestError, shortId } from "./errors.ts";
import type { ManifestLimits } from "./limits.ts";
import { HASH_BYTES, MANIFEST_LIMITS } from "./limits.ts";
import { fileIdOf } from "./merkle.ts";
import { fieldsOf, validName } from "./validate.ts";

/** What a file consists of. Two files have one id exactly if they have the same bytes, cut in the same way. */
export interface Manifest {
  /** Merkle root over the rest, see `fileIdOf`. */
  readonly fileId: string;
  /** Relative name at the peer that made it; not part of the id. */
  readonly name?: string;
  /** Bytes. */
  readonly size: number;
  /** Bytes of every chunk but the last; a power of two. */
  readonly chunkSize: number;
  readonly algorithm: "sha256";
  /** The 32-byte hashes of the chunks, one after the other. */
  readonly chunks: Uint8Array;
}

const FIELDS = ["fileId", "name", "size", "chunkSize", "algorithm", "chunks"] as const;

/** The hash that chunk `index` must have. */
export function chunkHash(manifest: Manifest, index: number): Uint8Array {
  return manifest.chunks.subarray(index * HASH_BYTES, (index + 1) * HASH_BYTES);
}

/** Whether `bytes` are chunk `index`. */
export function isChunk(
  hashing: Hashing,
  manifest: Manifest,
  index: number,
  bytes: Uint8Array,
): boolean {
  return sameBytes(hashing.sha256().update(bytes).digest(), chunkHash(manifest, index));
}

/**
 * The manifest that a stranger sent for `fileId`, checked: form, limits, then the id. Nothing is allocated before
 * the numbers agree, and the result shares no memory with `value`.
 *
 * @throws BadMessageError if it has not the form of a manifest
 * @throws BadManifestError if it contradicts itself, the limits or the id
 *
 * @example
 * ```ts
 * const manifest = readManifest(await holder.ask.manifest(fileId), fileId, ctx.hashing);
 * ```
 */
export function readManifest(
  value: unknown,
  fileId: string,
  hashing: Hashing,
  limits: ManifestLimits = MANIFEST_LIMITS,
): Manifest {
  const fields = fieldsOf(value, "manifest", FIELDS);
  const { size, chunkSize, algorithm, chunks } = fields;
  if (algorithm !== "sha256") throw new BadManifestError('its algorithm is not "sha256"');
  checkNumbers(size, chunkSize, limits);
  const count = chunkCount(size as number, chunkSize as number);
  if (count > limits.maxChunks) {
    throw new BadManifestError(`it has ${count} chunks, ${limits.maxChunks} are allowed`);
  }
  if (!(chunks instanceof Uint8Array) || chunks.byteLength !== count * HASH_BYTES) {
    const has = chunks instanceof Uint8Array ? `${chunks.byteLength} bytes` : typeof chunks;
    throw new BadManifestError(`its hashes are ${has}, not ${count * HASH_BYTES} bytes`);
  }
  // A copy: memory that is shared with the sender could change after the check.
  const own = new Uint8Array(chunks);
  const id = fileIdOf(hashing, size as number, chunkSize as number, own);
  if (id !== fileId || (fields["fileId"] ?? fileId) !== fileId) {
    throw new BadManifestError(`it is that of ${shortId(id)}, not of ${shortId(fileId)}`);
  }
  const { name } = fields;
  return {
    fileId,
    ...(name === undefined ? {} : { name: validName(name, "manifest.name") }),
    size: size as number,
    chunkSize: chunkSize as number,
    algorithm: "sha256",
    chunks: own,
  };
}

function checkNumbers(size: unknown, chunkSize: unknown, limits: ManifestLimits): void {
  if (!Number.isSafeInteger(size) || (size as number) < 0) {
    throw new BadManifestError(`its size is ${String(size)}`);
  }
  const { minChunkSize: min, maxChunkSize: max } = limits;
  const ok = Number.isSafeInteger(chunkSize) && (chunkSize as number) >= min &&
    (chunkSize as number) <= max && Number.isInteger(Math.log2(chunkSize as number));
  if (!ok) {
    throw new BadManifestError(
      `its chunk size is ${String(chunkSize)}, not a power of two from ${min} to ${max}`,
    );
  }
}
