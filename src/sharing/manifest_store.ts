import type { Disk, Hashing } from "../actor/mod.ts";
import { DiskError } from "../actor/mod.ts";
import type { FileVersion } from "./build_manifest.ts";
import { fromHex, toHex } from "./bytes.ts";
import { lineOf, payloadOf } from "./checked_lines.ts";
import { chunkCount } from "./chunk_size.ts";
import { HASH_BYTES } from "./limits.ts";
import type { Manifest } from "./manifest.ts";

/** Bytes of the store; a larger one is begun anew. */
const MAX_BYTES = 256 * 2 ** 20;

/** Lines that may be out of date besides as many as there are files. */
const SLACK = 100;

/** A file and what it consists of, as the store keeps it. */
export interface Known {
  readonly file: FileVersion;
  readonly manifest: Manifest;
}

/**
 * Manifests on disk, so that a restart hashes nothing again: one line per file, with path, size, mtime and inode, only
 * ever appended to until more than half of it is out of date. A damaged line costs that file's manifest, a store of
 * somebody else is set aside.
 *
 * @example
 * ```ts
 * const store = new ManifestStore(ctx.disk, ctx.hashing, "/home/ada/.troupe/state/peer-1/manifests", "peer-1");
 * for (const { file, manifest } of await store.load()) cache.set(file, manifest);
 * ```
 */
export class ManifestStore {
  readonly #disk: Disk;
  readonly #hashing: Hashing;
  readonly #path: string;
  readonly #header: string;
  /** Keys of the lines that are there. */
  readonly #stored = new Set<string>();
  #lines = 0;
  /** Bytes of what is there and whole; 0: it is begun anew. */
  #length = 0;
  #saving: Promise<void> = Promise.resolve();

  /** @param owner whose store it is */
  constructor(disk: Disk, hashing: Hashing, path: string, owner: string) {
    this.#disk = disk;
    this.#hashing = hashing;
    this.#path = path;
    this.#header = `troupe-manifests 1 ${JSON.stringify(owner)}`;
  }

  /** What is there; nothing if it is unreadable. To be called once, before anything is saved. */
  async load(): Promise<Known[]> {
    let bytes: Uint8Array;
    try {
      bytes = await this.#disk.readFile(this.#path, MAX_BYTES);
    } catch (error) {
      if (!(error instanceof DiskError)) throw error;
      return [];
    }
    const text = new TextDecoder().decode(bytes);
    const end = text.lastIndexOf("\n") + 1;
    const lines = text.slice(0, end).split("\n").slice(0, -1);
    if (payloadOf(this.#hashing, lines[0] ?? "") !== this.#header) {
      if (bytes.length > 0) await this.#disk.rename(this.#path, `${this.#path}.foreign`);
      return [];
    }
    const known = new Map<string, Known>();
    for (const line of lines.slice(1)) {
      const each = this.#parse(line);
      if (each !== undefined) known.set(keyOf(each.file), each);
    }
    for (const key of known.keys()) this.#stored.add(key);
    this.#lines = lines.length - 1;
    this.#length = new TextEncoder().encode(text.slice(0, end)).length;
    return [...known.values()];
  }

  /** Keeps one more. */
  add(known: Known): Promise<void> {
    const adding = this.#saving.then(() => this.#length === 0 ? undefined : this.#append([known]));
    this.#saving = adding.catch(() => {});
    return adding;
  }

  /** Brings the store up to date with `all` that is shared; on the disk when it settles. One runs after the other. */
  save(all: readonly Known[]): Promise<void> {
    const saving = this.#saving.then(() => this.#save(all));
    this.#saving = saving.catch(() => {});
    return saving;
  }

  async #save(all: readonly Known[]): Promise<void> {
    const fresh = all.filter(({ file }) => !this.#stored.has(keyOf(file)));
    const rewrite = this.#length === 0 || this.#lines + fresh.length > 2 * all.length + SLACK;
    if (rewrite) await this.#rewrite(all);
    else if (fresh.length > 0) await this.#append(fresh);
  }

  async #append(fresh: readonly Known[]): Promise<void> {
    const bytes = this.#encode(fresh);
    await using file = await this.#disk.open(this.#path, "write");
    await file.write(bytes, this.#length);
    await file.sync();
    this.#length += bytes.length;
    this.#lines += fresh.length;
    for (const { file } of fresh) this.#stored.add(keyOf(file));
  }

  async #rewrite(all: readonly Known[]): Promise<void> {
    const header = new TextEncoder().encode(lineOf(this.#hashing, this.#header));
    const bytes = this.#encode(all);
    const beside = `${this.#path}.new`;
    await this.#disk.remove(beside);
    {
      await using file = await this.#disk.open(beside, "create");
      await file.write(header, 0);
      await file.write(bytes, header.length);
      await file.sync();
    }
    await this.#disk.rename(beside, this.#path);
    this.#stored.clear();
    for (const { file } of all) this.#stored.add(keyOf(file));
    this.#lines = all.length;
    this.#length = header.length + bytes.length;
  }

  #encode(known: readonly Known[]): Uint8Array {
    const lines = known.map(({ file, manifest }) => {
      const { chunkSize, fileId } = manifest;
      const chunks = toHex(manifest.chunks);
      return lineOf(this.#hashing, JSON.stringify({ ...file, chunkSize, fileId, chunks }));
    });
    return new TextEncoder().encode(lines.join(""));
  }

  #parse(line: string): Known | undefined {
    const payload = payloadOf(this.#hashing, line);
    if (payload === undefined) return undefined;
    // A right checksum means that it was written here, so that its fields have the types they had.
    const { chunkSize, fileId, chunks, ...file } = JSON.parse(payload) as
      & FileVersion
      & { readonly chunkSize: number; readonly fileId: string; readonly chunks: string };
    const { name, size } = file;
    const hashes = fromHex(chunks);
    if (hashes.length !== chunkCount(size, chunkSize) * HASH_BYTES) return undefined;
    return {
      file,
      manifest: { fileId, name, size, chunkSize, algorithm: "sha256", chunks: hashes },
    };
  }
}

function keyOf({ path, size, mtime, inode }: FileVersion): string {
  return JSON.stringify([path, size, mtime, inode]);
}
