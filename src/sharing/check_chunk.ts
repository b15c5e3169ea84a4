import type { Hashing } from "../actor/mod.ts";
import { chunkLength } from "./chunk_size.ts";
import { BadChunkError } from "./errors.ts";
import type { Manifest } from "./manifest.ts";
import { isChunk } from "./manifest.ts";

/**
 * The bytes of chunk `index` in what `holder` answered; what follows them in the buffer is left out.
 *
 * @throws BadChunkError if they are not those of the manifest
 */
export function checkChunk(
  hashing: Hashing,
  manifest: Manifest,
  holder: string,
  index: number,
  reply: unknown,
): Uint8Array {
  const length = chunkLength(manifest.size, manifest.chunkSize, index);
  if (!(reply instanceof ArrayBuffer)) {
    throw new BadChunkError(holder, index, `an ArrayBuffer was expected, not ${typeof reply}`);
  }
  if (reply.byteLength < length) {
    throw new BadChunkError(holder, index, `${reply.byteLength} bytes, ${length} were expected`);
  }
  const bytes = new Uint8Array(reply, 0, length);
  if (isChunk(hashing, manifest, index, bytes)) return bytes;
  throw new BadChunkError(holder, index, "its hash is not that of the manifest");
}
