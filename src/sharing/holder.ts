import type { Disk, DiskFile } from "../actor/mod.ts";
import { DiskError } from "../actor/mod.ts";
import type { FileVersion } from "./build_manifest.ts";
import { whatChanged } from "./build_manifest.ts";
import { chunkCount, chunkLength } from "./chunk_size.ts";
import type { Part } from "./download_options.ts";
import type { SharingError } from "./errors.ts";
import {
  BadMessageError,
  BadRangeError,
  FileChangedError,
  FileGoneError,
  NoChunkError,
  NotSharedError,
} from "./errors.ts";
import { describeHave } from "./have.ts";
import { HotChunks } from "./hot_chunks.ts";
import { MAX_OPEN_FILES } from "./limits.ts";
import type { Manifest } from "./manifest.ts";
import { OpenFiles } from "./open_files.ts";

/** A file that is shared: where it is, and what it consists of. */
export interface SharedFile {
  readonly file: FileVersion;
  readonly manifest: Manifest;
}

/** Options of {@linkcode Holder}. */
export interface HolderOptions {
  /** Files that stay open; 64 unless told. */
  readonly maxOpenFiles?: number | undefined;
  /** Bytes of chunks that are kept in memory because several ask for them; 16 MiB unless told. */
  readonly hotBytes?: number | undefined;
  /** Told when a file is no longer what was shared: it is withdrawn already, and must be announced so. */
  readonly onWithdrawn?: ((shared: SharedFile, why: SharingError) => void) | undefined;
}

/** The disk lost the file itself, so asking again is of no use. */
const GONE: readonly string[] = ["ENOENT", "ENOTDIR", "EACCES", "EPERM", "ELOOP", "EISDIR"];

/**
 * What this peer shares, and its chunks. A file that changed since it was shared is noticed before anything of it
 * is sent, and withdrawn.
 *
 * @example
 * ```ts
 * await using holder = new Holder(ctx.disk, { onWithdrawn: ({ file }) => announceWithout(file.name) });
 * holder.share({ file, manifest });
 * const length = await holder.readChunk(manifest.fileId, 0, new ArrayBuffer(manifest.chunkSize));
 * ```
 */
export class Holder implements AsyncDisposable {
  readonly #disk: Disk;
  readonly #open: OpenFiles;
  readonly #hot: HotChunks;
  readonly #onWithdrawn: (shared: SharedFile, why: SharingError) => void;
  /** By file id, then by name: one content may be here several times. */
  readonly #shared = new Map<string, Map<string, SharedFile>>();
  /** Files that are being downloaded, by file id. */
  readonly #parts = new Map<string, Part>();
  /** File ids by name. */
  readonly #names = new Map<string, string>();

  constructor(disk: Disk, options: HolderOptions = {}) {
    this.#disk = disk;
    this.#open = new OpenFiles(options.maxOpenFiles ?? MAX_OPEN_FILES);
    this.#hot = new HotChunks(options.hotBytes);
    this.#onWithdrawn = options.onWithdrawn ?? (() => {});
  }

  /** Shares a file from now on. What was shared under its name before is not. */
  share(shared: SharedFile): void {
    const { name } = shared.file;
    const { fileId } = shared.manifest;
    this.unshare(name);
    this.#names.set(name, fileId);
    const copies = this.#shared.get(fileId);
    if (copies === undefined) this.#shared.set(fileId, new Map([[name, shared]]));
    else copies.set(name, shared);
  }

  /** Shares the file of that name no longer; gives whether it was. */
  unshare(name: string): boolean {
    const fileId = this.#names.get(name);
    if (fileId === undefined) return false;
    const copies = this.#shared.get(fileId)!;
    this.#open.forget(keyOf(copies.get(name)!));
    this.#names.delete(name);
    copies.delete(name);
    if (copies.size === 0) this.#shared.delete(fileId);
    return true;
  }

  /** Serves what is here of a file that is being downloaded; undefined: no more. */
  sharePart(fileId: string, part: Part | undefined): void {
    if (part === undefined) this.#parts.delete(fileId);
    else this.#parts.set(fileId, part);
  }

  /** Everything that is shared, sorted by name. */
  files(): SharedFile[] {
    return [...this.#shared.values()].flatMap((copies) => [...copies.values()])
      .sort((a, b) => a.file.name < b.file.name ? -1 : 1);
  }

  has(fileId: string): boolean {
    return this.#shared.has(fileId);
  }

  /** A file of that id; undefined if none is shared. */
  find(fileId: string): SharedFile | undefined {
    for (const shared of this.#shared.get(fileId)?.values() ?? []) return shared;
    return undefined;
  }

  /** The file that is shared under `name`. */
  named(name: string): SharedFile | undefined {
    const fileId = this.#names.get(name);
    return fileId === undefined ? undefined : this.#shared.get(fileId)?.get(name);
  }

  /** @throws NotSharedError */
  manifest(fileId: string): Manifest {
    return this.#parts.get(fileId)?.manifest ?? this.#first(fileId).manifest;
  }

  /**
   * Which chunks of `fileId` are here, see `describeHave`.
   *
   * @throws NotSharedError
   */
  have(fileId: string): string {
    const part = this.#parts.get(fileId);
    const { size, chunkSize } = this.manifest(fileId);
    const all = part === undefined || this.has(fileId);
    return describeHave(chunkCount(size, chunkSize), (index) => all || part.has(index));
  }

  /**
   * Reads a chunk into `buffer`, from `offset` on, and gives its length in bytes. Handing the buffer over is the
   * caller's business.
   *
   * @param index 0 to the number of chunks - 1
   * @param buffer a whole `ArrayBuffer` of at least the chunk's length, as large as the chunk size at best
   * @throws NotSharedError, BadRangeError, BadMessageError; NoChunkError if the file is not complete here
   * @throws FileChangedError or FileGoneError if the file is not what was shared; it is withdrawn then
   * @throws DiskError if it cannot be read now, as with `EMFILE` or `EIO`
   */
  async readChunk(
    fileId: string,
    index: number,
    buffer: ArrayBuffer,
    offset: number = 0,
  ): Promise<number> {
    const part = this.#parts.get(fileId);
    if (part !== undefined && !this.has(fileId)) return await readPart(part, index, buffer, offset);
    for (;;) {
      const shared = this.#first(fileId);
      const into = chunkOf(shared.manifest, index, buffer, offset);
      try {
        await this.#read(shared, index, into);
        return into.length;
      } catch (error) {
        if (!(error instanceof FileChangedError || error instanceof FileGoneError)) throw error;
        this.#withdraw(shared, error);
        // Another copy may be as it was.
        if (!this.has(fileId)) throw error;
      }
    }
  }

  /** Closes its files. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#shared.clear();
    this.#parts.clear();
    this.#names.clear();
    await this.#open[Symbol.asyncDispose]();
  }

  #first(fileId: string): SharedFile {
    const shared = this.find(fileId);
    if (shared === undefined) throw new NotSharedError(fileId);
    return shared;
  }

  async #read(shared: SharedFile, index: number, into: Uint8Array): Promise<void> {
    const { file, manifest } = shared;
    const key = keyOf(shared);
    const hotKey = `${manifest.fileId} ${index}`;
    try {
      const hot = this.#hot.copy(hotKey, into);
      const read = hot ? into.length : await this.#open.use(
        key,
        () => this.#openChecked(file),
        (open) => open.read(into, index * manifest.chunkSize),
      );
      // After reading, by path: also a file that was replaced under its name is noticed.
      const now = await this.#disk.stat(file.path);
      if (now === undefined) throw new FileGoneError(file.name, "nothing has its name");
      const changed = whatChanged(file, now);
      if (changed !== undefined) throw new FileChangedError(file.name, changed);
      if (read < into.length) throw new FileChangedError(file.name, "it ended early");
      if (!hot) this.#hot.read(hotKey, into);
    } catch (error) {
      if (error instanceof DiskError && GONE.includes(error.code)) {
        throw new FileGoneError(file.name, error.message, { cause: error });
      }
      throw error;
    }
  }

  async #openChecked(file: FileVersion): Promise<DiskFile> {
    // A folder on the way may have become a link.
    if (await this.#disk.realPath(file.path) !== file.path) {
      throw new FileGoneError(file.name, "a link took its place");
    }
    const open = await this.#disk.open(file.path, "read");
    const changed = whatChanged(file, await open.stat());
    if (changed === undefined) return open;
    await open.close();
    throw new FileChangedError(file.name, changed);
  }

  #withdraw(shared: SharedFile, why: SharingError): void {
    // Several reads may find out at once; one tells.
    if (this.#shared.get(shared.manifest.fileId)?.get(shared.file.name) !== shared) return;
    this.unshare(shared.file.name);
    this.#onWithdrawn(shared, why);
  }
}

async function readPart(
  part: Part,
  index: number,
  buffer: ArrayBuffer,
  offset: number,
): Promise<number> {
  const { manifest } = part;
  const into = chunkOf(manifest, index, buffer, offset);
  if (!part.has(index) || await part.read(index, into) < into.length) {
    throw new NoChunkError(manifest.fileId, index);
  }
  return into.length;
}

function chunkOf(
  manifest: Manifest,
  index: number,
  buffer: ArrayBuffer,
  offset: number,
): Uint8Array {
  const { size, chunkSize } = manifest;
  const count = chunkCount(size, chunkSize);
  if (!Number.isSafeInteger(index) || index < 0 || index >= count) {
    throw new BadRangeError(index, count);
  }
  const length = chunkLength(size, chunkSize, index);
  // A buffer that was transferred away has no bytes left.
  if (!(buffer instanceof ArrayBuffer) || buffer.byteLength < offset + length) {
    const has = buffer instanceof ArrayBuffer ? buffer.byteLength : buffer;
    throw new BadMessageError(
      "chunk buffer",
      has,
      `an ArrayBuffer of ${offset + length} bytes or more`,
    );
  }
  return new Uint8Array(buffer, offset, length);
}

function keyOf({ file }: SharedFile): string {
  return JSON.stringify([file.path, file.size, file.mtime, file.inode]);
}
