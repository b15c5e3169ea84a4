import type { Hashing } from "../actor/mod.ts";
import { Refusal } from "../actor/mod.ts";
import { chunkSizeFor } from "./chunk_size.ts";
import { BadMessageError } from "./errors.ts";
import type { Holder } from "./holder.ts";
import type { Manifest } from "./manifest.ts";
import { fileIdOf } from "./merkle.ts";
import { listOf, validFileId } from "./validate.ts";

/** Bytes of a bundle. */
export const BUNDLE_BYTES: number = 2 ** 20;

/** Files in a bundle. */
export const BUNDLE_FILES = 256;

/** Whether a file is one of those that travel together: it is a single chunk of the smallest size, or nothing. */
export function isSmall(size: number): boolean {
  return size <= chunkSizeFor(0);
}

/**
 * Reads the files of `fileIds` into `buffer`, one after the other, and gives the length of each; -1 for one that is
 * not to be had, or for which there was no room.
 *
 * @throws BadMessageError, TooManyError if it was asked for something else than 256 ids and a buffer
 */
export async function packBundle(
  holder: Holder,
  fileIds: unknown,
  buffer: unknown,
): Promise<number[]> {
  const ids = listOf(fileIds, "bundle", BUNDLE_FILES).map((id, i) =>
    validFileId(id, `bundle[${i}]`)
  );
  if (!(buffer instanceof ArrayBuffer)) {
    throw new BadMessageError("bundle buffer", buffer, "an ArrayBuffer");
  }
  const lengths: number[] = [];
  let at = 0;
  for (const id of ids) {
    const length = await packOne(holder, id, buffer, at);
    lengths.push(length);
    if (length > 0) at += length;
  }
  return lengths;
}

async function packOne(
  holder: Holder,
  id: string,
  buffer: ArrayBuffer,
  at: number,
): Promise<number> {
  const size = holder.find(id)?.manifest.size;
  if (size === undefined || !isSmall(size) || at + size > buffer.byteLength) return -1;
  if (size === 0) return 0;
  try {
    return await holder.readChunk(id, 0, buffer, at);
  } catch (error) {
    if (error instanceof Refusal) return -1;
    throw error;
  }
}

/**
 * The files in what a holder answered, in the order in which they were asked for; undefined for each that is missing or
 * not the one that was asked for. A file of one chunk needs no manifest to be verified: its id follows from its bytes.
 *
 * @throws BadMessageError if the answer is no bundle
 */
export function unpackBundle(
  hashing: Hashing,
  wanted: readonly { readonly fileId: string; readonly size: number }[],
  buffer: unknown,
  lengths: unknown,
): ({ readonly bytes: Uint8Array; readonly manifest: Manifest } | undefined)[] {
  if (!(buffer instanceof ArrayBuffer)) {
    throw new BadMessageError("bundle", buffer, "an ArrayBuffer");
  }
  const given = listOf(lengths, "bundle.lengths", BUNDLE_FILES);
  let at = 0;
  return wanted.map(({ fileId, size }, i) => {
    // What has not the length that was announced cannot be it, and where the next one begins is the holder's word.
    const length = given[i];
    if (typeof length !== "number" || !(length >= 0)) return undefined;
    const bytes = new Uint8Array(buffer).subarray(at, at + size);
    at += length;
    if (length !== size || bytes.length !== size) return undefined;
    const manifest = manifestOfSmall(hashing, bytes);
    return manifest.fileId === fileId ? { bytes, manifest } : undefined;
  });
}

function manifestOfSmall(hashing: Hashing, bytes: Uint8Array): Manifest {
  const size = bytes.length;
  const chunkSize = chunkSizeFor(size);
  const chunks = size === 0 ? new Uint8Array() : hashing.sha256().update(bytes).digest();
  const fileId = fileIdOf(hashing, size, chunkSize, chunks);
  return { fileId, size, chunkSize, algorithm: "sha256", chunks };
}
