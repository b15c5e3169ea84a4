import type { Disk, DiskFile, Hashing } from "../actor/mod.ts";
import { DiskError } from "../actor/mod.ts";
import { lineOf, payloadOf } from "./checked_lines.ts";
import { chunkCount } from "./chunk_size.ts";
import type { Manifest } from "./manifest.ts";
import { formatRanges, parseRanges } from "./ranges.ts";

const encoder = new TextEncoder();

/** What identifies the unfinished file of a journal that was closed in good order. */
export interface PartStamp {
  readonly size: number;
  readonly mtime: number;
  readonly inode: string;
}

/** Bytes of a journal: a line per note of a file of 1 TiB takes no more. */
const MAX_JOURNAL_BYTES = 64 * 2 ** 20;

/** What a journal says. */
export interface JournalContent {
  /** Chunks that were verified and written; a crash of the machine may have lost the bytes of some. */
  readonly verified: readonly number[];
  /** The file as it was when the journal was closed; undefined if it was not, as after a crash. */
  readonly closed: PartStamp | undefined;
  /** Bytes of the journal up to its last good line. */
  readonly length: number;
}

/**
 * The list of verified chunks of an unfinished file: lines of text, each with a checksum, only ever appended to. Only
 * a closing line is believed as it stands; without one, what the lines name is hashed again, so they need not wait for
 * the disk.
 *
 * ```text
 * 5d41402a troupe-journal 1 <file id> <size> <chunk size>
 * 7d793037 verified 0-5,9
 * 2b1f0c11 closed <size> <mtime> <inode>
 * ```
 */
export class Journal {
  readonly #disk: Disk;
  readonly #hashing: Hashing;
  readonly #path: string;
  readonly #header: string;
  #file: DiskFile | undefined;
  #length: number;

  /** @param length bytes that are kept of what is there; 0 if nothing is */
  constructor(disk: Disk, hashing: Hashing, path: string, manifest: Manifest, length: number) {
    this.#disk = disk;
    this.#hashing = hashing;
    this.#path = path;
    this.#header = headerOf(manifest);
    this.#length = length;
  }

  /** Whether there is a journal on the disk. */
  get begun(): boolean {
    return this.#length > 0;
  }

  /** Appends chunks that are verified and written. A crash of this process keeps it, one of the machine may not. */
  async verified(sorted: readonly number[]): Promise<void> {
    await this.#append(`verified ${formatRanges(sorted)}`);
  }

  /** Makes what it says so far survive a crash of the machine. */
  async sync(): Promise<void> {
    await this.#file?.sync();
  }

  /** Says that the file is on the disk, and nothing is written to it after this; on the disk when it settles. */
  async closed(stamp: PartStamp): Promise<void> {
    await this.#append(`closed ${stamp.size} ${stamp.mtime} ${stamp.inode}`);
    await this.sync();
  }

  async close(): Promise<void> {
    await this.#file?.close();
    this.#file = undefined;
  }

  async #append(payload: string): Promise<void> {
    this.#file ??= await this.#open();
    const bytes = encoder.encode(this.#line(payload));
    await this.#file.write(bytes, this.#length);
    this.#length += bytes.length;
  }

  /** Made at the first entry only: a small file is complete before it needs one. */
  async #open(): Promise<DiskFile> {
    const fresh = this.#length === 0;
    if (fresh) await this.#disk.remove(this.#path);
    const file = await this.#disk.open(this.#path, fresh ? "create" : "write");
    try {
      if (fresh) {
        const header = encoder.encode(this.#line(this.#header));
        await file.write(header, 0);
        this.#length = header.length;
      } else await file.truncate(this.#length);
      return file;
    } catch (error) {
      await file.close();
      throw error;
    }
  }

  #line(payload: string): string {
    return lineOf(this.#hashing, payload);
  }
}

/**
 * Reads the journal of `manifest`'s unfinished file: "none" where there is none, "foreign" if it is of something
 * else or cannot be understood. A torn end is left out.
 */
export async function readJournal(
  disk: Disk,
  hashing: Hashing,
  path: string,
  manifest: Manifest,
): Promise<JournalContent | "none" | "foreign"> {
  let bytes: Uint8Array;
  try {
    bytes = await disk.readFile(path, MAX_JOURNAL_BYTES);
  } catch (error) {
    if (!(error instanceof DiskError)) throw error;
    if (error.code === "ENOENT") return "none";
    if (["EFBIG", "ELOOP", "EISDIR", "EINVAL"].includes(error.code)) return "foreign";
    throw error;
  }
  const content = parseJournal(hashing, bytes, manifest);
  if (content !== undefined) return content;
  // The first line itself was cut off: there is no journal yet.
  const begun = lineOf(hashing, headerOf(manifest)).startsWith(new TextDecoder().decode(bytes));
  return begun ? "none" : "foreign";
}

/** @internal Undefined if the first line is not that of `manifest`'s journal. */
export function parseJournal(
  hashing: Hashing,
  bytes: Uint8Array,
  manifest: Manifest,
): JournalContent | undefined {
  // One byte is one character: positions in the text are positions in the file.
  const text = new TextDecoder("latin1").decode(bytes);
  const count = chunkCount(manifest.size, manifest.chunkSize);
  const verified = new Set<number>();
  let closed: PartStamp | undefined;
  let length = 0;
  for (;;) {
    const end = text.indexOf("\n", length);
    if (end < 0) break;
    const payload = payloadOf(hashing, text.slice(length, end));
    if (payload === undefined) break;
    if (length === 0) {
      if (payload !== headerOf(manifest)) return undefined;
    } else {
      const entry = parseEntry(payload, count);
      if (entry === undefined) break;
      if ("chunks" in entry) { for (const index of entry.chunks) verified.add(index); }
      closed = "chunks" in entry ? undefined : entry;
    }
    length = end + 1;
  }
  if (length === 0) return undefined;
  // A line that is not whole means that the last writer was cut off.
  if (length < text.length) closed = undefined;
  return { verified: [...verified].sort((a, b) => a - b), closed, length };
}

function parseEntry(
  payload: string,
  count: number,
): PartStamp | { readonly chunks: readonly number[] } | undefined {
  const [kind, first, second, third] = payload.split(" ");
  if (kind === "verified" && first !== undefined) {
    const chunks = parseRanges(first, count);
    return chunks && { chunks };
  }
  if (kind !== "closed" || third === undefined) return undefined;
  return { size: Number(first), mtime: Number(second), inode: third };
}

function headerOf({ fileId, size, chunkSize }: Manifest): string {
  return `troupe-journal 1 ${fileId} ${size} ${chunkSize}`;
}
