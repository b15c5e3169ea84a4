import type { Clock, Disk, DiskFile, FileStat, Hashing } from "../actor/mod.ts";
import { chunkCount, chunkLength, chunkSizeFor } from "./chunk_size.ts";
import { FileChangedError, TooManyError } from "./errors.ts";
import type { ManifestLimits } from "./limits.ts";
import { HASH_BYTES, MANIFEST_LIMITS } from "./limits.ts";
import type { Manifest } from "./manifest.ts";
import { fileIdOf } from "./merkle.ts";
import { BYTES_PER_TURN, pause } from "./pause.ts";

/** A file as it was seen at one moment. */
export interface FileVersion {
  /** Relative name, `/` between parts. */
  readonly name: string;
  /** Absolute, without links. */
  readonly path: string;
  /** Bytes. */
  readonly size: number;
  /** Milliseconds since 1970, with fractions. */
  readonly mtime: number;
  readonly inode: string;
}

/** What reading and hashing needs. */
export interface HashingPorts {
  readonly disk: Disk;
  readonly hashing: Hashing;
  readonly clock: Clock;
}

/** Options of {@linkcode buildManifest}. */
export interface BuildOptions {
  readonly signal?: AbortSignal | undefined;
  /** Told after each chunk. */
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
  /** Bytes, a power of two; by the file's size unless told. */
  readonly chunkSize?: number | undefined;
  readonly limits?: ManifestLimits | undefined;
}

/** What differs between the file that was seen and the one that is there; undefined if nothing does. */
export function whatChanged(seen: FileVersion, now: FileStat): string | undefined {
  if (now.kind !== "file") return `it is a ${now.kind} now`;
  if (now.size !== seen.size) return `${seen.size} bytes became ${now.size}`;
  if (now.mtime !== seen.mtime) return "it was written to";
  if (now.inode !== seen.inode) return "another file took its name";
  return undefined;
}

/**
 * Reads `file` and gives its manifest. Memory: one chunk. Others get a turn every 16 MiB.
 *
 * @throws FileChangedError if it is not the file that was seen, before or after reading
 * @throws TooManyError if it is larger than the limits allow
 * @throws DiskError if it cannot be read; the signal's reason if that is aborted
 *
 * @example
 * ```ts
 * const { files } = await scanFolder(ctx, folder);
 * const manifest = await buildManifest(ctx, files[0]);
 * ```
 */
export async function buildManifest(
  ports: HashingPorts,
  file: FileVersion,
  options: BuildOptions = {},
): Promise<Manifest> {
  const { limits = MANIFEST_LIMITS, signal } = options;
  const chunkSize = options.chunkSize ?? chunkSizeFor(file.size, limits);
  const count = chunkCount(file.size, chunkSize);
  if (count > limits.maxChunks) {
    throw new TooManyError(`Chunks of "${file.name}"`, count, limits.maxChunks);
  }
  signal?.throwIfAborted();
  await using open = await ports.disk.open(file.path, "read");
  await checkUnchanged(file, open);
  const chunks = await hashChunks(ports, file, open, chunkSize, options);
  await checkUnchanged(file, open);
  const fileId = fileIdOf(ports.hashing, file.size, chunkSize, chunks);
  return { fileId, name: file.name, size: file.size, chunkSize, algorithm: "sha256", chunks };
}

async function hashChunks(
  ports: HashingPorts,
  file: FileVersion,
  open: DiskFile,
  chunkSize: number,
  { signal, onProgress }: BuildOptions,
): Promise<Uint8Array> {
  const count = chunkCount(file.size, chunkSize);
  const chunks = new Uint8Array(count * HASH_BYTES);
  const buffer = new Uint8Array(Math.min(chunkSize, file.size));
  let done = 0;
  let sinceTurn = 0;
  for (let index = 0; index < count; index++) {
    const bytes = buffer.subarray(0, chunkLength(file.size, chunkSize, index));
    const read = await open.read(bytes, index * chunkSize);
    if (read < bytes.length) {
      throw new FileChangedError(file.name, `${file.size} bytes became ${done + read}`);
    }
    chunks.set(ports.hashing.sha256().update(bytes).digest(), index * HASH_BYTES);
    done += read;
    onProgress?.(done, file.size);
    sinceTurn += read;
    if (sinceTurn >= BYTES_PER_TURN) {
      sinceTurn = 0;
      await pause(ports.clock);
    }
    signal?.throwIfAborted();
  }
  return chunks;
}

async function checkUnchanged(file: FileVersion, open: DiskFile): Promise<void> {
  const changed = whatChanged(file, await open.stat());
  if (changed !== undefined) throw new FileChangedError(file.name, changed);
}
