import * as fs from "node:fs";
import type { BigIntStats, Dirent } from "node:fs";
import type {
  DirectoryEntry,
  Disk,
  DiskFile,
  EntryKind,
  FileStat,
  OpenMode,
} from "../../actor/mod.ts";
import { DiskError } from "../../actor/mod.ts";
import { watchFolder } from "./watch_folder.ts";

const { O_RDONLY, O_RDWR, O_CREAT, O_EXCL } = fs.constants;

/** Windows knows neither: undefined there. */
const O_NOFOLLOW: number = fs.constants.O_NOFOLLOW ?? 0;
const O_NONBLOCK: number = fs.constants.O_NONBLOCK ?? 0;

/** A fifo is opened without waiting for its other end, so that it can be told from a file and refused. */
const FLAGS: Readonly<Record<OpenMode, number>> = {
  read: O_RDONLY | O_NOFOLLOW | O_NONBLOCK,
  write: O_RDWR | O_NOFOLLOW | O_NONBLOCK,
  create: O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW,
};

/**
 * A write of so many bytes that took so many milliseconds shows a disk that holds writers up: large writes leave the
 * thread then for a while, since its heartbeats must not wait with them. A quick disk is written to in the thread itself:
 * the way to another one and back costs more of the processors than the write (`bench/transfer`).
 */
const ASIDE_BYTES = 64 * 2 ** 10;
const HELD_UP_MS = 100;
/** Milliseconds that large writes leave the thread. */
const ASIDE_MS = 1_000;

const DEFAULT_READ_LIMIT = 16 * 2 ** 20;

/** File systems without hard links, or users that may not make them, answer a link with one of these. */
const NO_LINKS: readonly string[] = [
  "EPERM",
  "ENOTSUP",
  "EOPNOTSUPP",
  "ENOSYS",
  "EMLINK",
  "EACCES",
  "EINVAL",
];

/** Windows opens no folder for reading, so it cannot sync one. */
const CANNOT_SYNC_FOLDERS: readonly string[] = ["EISDIR", "EPERM", "EINVAL", "ENOTSUP"];

/**
 * The file system. Its calls are synchronous inside, all but syncs, and large writes to a slow disk: in a thread of one's own they
 * are a tenth to a quarter faster than callbacks (`platform.md` §3.2).
 *
 * What is opened is a regular file and no link; else `ELOOP`, `EISDIR` or `EINVAL`.
 */
export function threadDisk(): Disk {
  return disk;
}

const disk: Disk = {
  open,
  readFile,
  list: (path) => attempt("list", path, () => listNow(path)),
  stat: (path) => attempt("stat", path, () => statNow(path)),
  realPath: (path) => attempt("resolve", path, () => fs.realpathSync.native(path)),
  rename: (from, to) => attempt("rename", from, () => fs.renameSync(from, to)),
  renameNew: (from, to) => attempt("rename", to, () => renameNewNow(from, to)),
  remove: (path) => attempt("remove", path, () => removeNow(path)),
  makeDirectory: (path) =>
    attempt("make folder", path, () => void fs.mkdirSync(path, { recursive: true })),
  syncDirectory: (path) => attempt("sync folder", path, () => syncDirectoryNow(path)),
  freeSpace: (path) => attempt("ask for free space", path, () => freeSpaceNow(path)),
  watch: (path, onChange, signal) =>
    attempt("watch", path, () => watchFolder(path, onChange, signal)),
};

/** Runs `work`; whatever it throws becomes a rejection with a {@linkcode DiskError}. */
async function attempt<T>(
  operation: string,
  path: string,
  work: () => T | Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw diskError(error, operation, path);
  }
}

function diskError(error: unknown, operation: string, path: string): DiskError {
  if (error instanceof DiskError) return error;
  return new DiskError(systemCode(error), operation, path, { cause: error });
}

function systemCode(error: unknown): string {
  if (!(error instanceof Error)) return "EIO";
  const code = "code" in error ? error.code : undefined;
  if (typeof code === "string" && /^E(?!RR_)[A-Z0-9]+$/.test(code)) return code;
  // Deno's answer where a permission was not granted.
  if (error.name === "NotCapable") return "EACCES";
  // A NUL in a path, a detached buffer: refused by the runtime before the system was asked.
  return error instanceof TypeError || error instanceof RangeError ? "EINVAL" : "EIO";
}

function isCode(error: unknown, codes: readonly string[]): boolean {
  return codes.includes(systemCode(error));
}

// ---------------------------------------------------------------- files

function open(path: string, mode: OpenMode): Promise<DiskFile> {
  return attempt("open", path, () => {
    const fd = fs.openSync(path, FLAGS[mode], 0o666);
    try {
      const kind = kindOf(fs.fstatSync(fd, { bigint: true }));
      if (kind !== "file") {
        throw new DiskError(kind === "directory" ? "EISDIR" : "EINVAL", "open", path);
      }
      return new OpenFile(path, fd);
    } catch (error) {
      fs.closeSync(fd);
      throw error;
    }
  });
}

async function readFile(path: string, limit: number = DEFAULT_READ_LIMIT): Promise<Uint8Array> {
  await using file = await open(path, "read");
  const { size } = await file.stat();
  if (size > limit) throw new DiskError("EFBIG", "read", path);
  // One byte more than the file has: a file that grew meanwhile shows itself.
  let bytes = new Uint8Array(Math.min(size, limit) + 1);
  let length = 0;
  for (;;) {
    length += await file.read(bytes.subarray(length), length);
    if (length > limit) throw new DiskError("EFBIG", "read", path);
    if (length < bytes.length) return bytes.slice(0, length);
    const larger = new Uint8Array(Math.min(bytes.length * 2, limit + 1));
    larger.set(bytes);
    bytes = larger;
  }
}

class OpenFile implements DiskFile {
  readonly #path: string;
  /** Undefined once closed: the system gives the number to the next file that is opened. */
  #fd: number | undefined;
  /** Until when large writes leave the thread, on the clock of `performance`. */
  #asideUntil = -Infinity;
  /** What other threads still do with the file. */
  readonly #aside = new Set<Promise<unknown>>();
  /** Large writes go one by one: the system lets no two write to a file at once, and burns the time of those that wait. */
  #writing: Promise<unknown> = Promise.resolve();

  constructor(path: string, fd: number) {
    this.#path = path;
    this.#fd = fd;
  }

  read(into: Uint8Array, position: number): Promise<number> {
    return this.#attempt("read", (fd) => {
      let done = 0;
      while (done < into.length) {
        const read = fs.readSync(fd, into, done, into.length - done, position + done);
        if (read === 0) break;
        done += read;
      }
      return done;
    });
  }

  write(bytes: Uint8Array, position: number): Promise<void> {
    const began = performance.now();
    if (bytes.length >= ASIDE_BYTES && began < this.#asideUntil) {
      return this.#putAside("write", (fd) => {
        const written = this.#writing.then(() => writeAside(fd, bytes, position));
        this.#writing = written.catch(() => {});
        return written;
      });
    }
    return this.#attempt("write", (fd) => {
      let done = 0;
      while (done < bytes.length) {
        done += some(fs.writeSync(fd, bytes, done, bytes.length - done, position + done));
      }
      const now = performance.now();
      if (now - began >= HELD_UP_MS) this.#asideUntil = now + ASIDE_MS;
    });
  }

  truncate(size: number): Promise<void> {
    return this.#attempt("truncate", (fd) => fs.ftruncateSync(fd, size));
  }

  stat(): Promise<FileStat> {
    return this.#attempt("stat", (fd) => toStat(fs.fstatSync(fd, { bigint: true })));
  }

  sync(): Promise<void> {
    return this.#putAside("sync", synced);
  }

  async close(): Promise<void> {
    const fd = this.#fd;
    if (fd === undefined) return;
    this.#fd = undefined;
    // The number must not go to another file while another thread still uses it.
    await Promise.allSettled(this.#aside);
    await attempt("close", this.#path, () => fs.closeSync(fd));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async #putAside(operation: string, work: (fd: number) => Promise<void>): Promise<void> {
    const aside = this.#attempt(operation, work);
    this.#aside.add(aside);
    try {
      await aside;
    } finally {
      this.#aside.delete(aside);
    }
  }

  #attempt<T>(operation: string, work: (fd: number) => T | Promise<T>): Promise<T> {
    return attempt(operation, this.#path, () => {
      if (this.#fd === undefined) throw new DiskError("EBADF", operation, this.#path);
      return work(this.#fd);
    });
  }
}

/** `bytes` must not change until it settles. */
function writeAside(fd: number, bytes: Uint8Array, position: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const go = (done: number): void => {
      fs.write(fd, bytes, done, bytes.length - done, position + done, (error, written) => {
        if (error) return reject(error);
        if (written === 0) return reject(new Error("nothing was written"));
        if (done + written === bytes.length) return resolve();
        go(done + written);
      });
    };
    go(0);
  });
}

/** A write that does not get on would be tried for ever. */
function some(written: number): number {
  if (written === 0) throw new Error("nothing was written");
  return written;
}

// ---------------------------------------------------------------- names

function listNow(path: string): DirectoryEntry[] {
  return fs.readdirSync(path, { withFileTypes: true })
    .map((entry): DirectoryEntry => ({ name: entry.name, kind: kindOf(entry) }))
    .sort((a, b) => a.name < b.name ? -1 : 1);
}

function statNow(path: string): FileStat | undefined {
  try {
    return toStat(fs.lstatSync(path, { bigint: true }));
  } catch (error) {
    // ENOTDIR: a part of the path is a file, so below it is nothing.
    if (isCode(error, ["ENOENT", "ENOTDIR"])) return undefined;
    throw error;
  }
}

function removeNow(path: string): void {
  const stat = statNow(path);
  if (stat === undefined) return;
  // Deno's unlink removes an empty folder.
  if (stat.kind === "directory") throw new DiskError("EISDIR", "remove", path);
  try {
    fs.unlinkSync(path);
  } catch (error) {
    if (!isCode(error, ["ENOENT"])) throw error;
  }
}

/** A link is made only where nothing is, in one step; plain `rename` would replace. */
function renameNewNow(from: string, to: string): void {
  try {
    fs.linkSync(from, to);
  } catch (error) {
    if (!isCode(error, NO_LINKS)) throw error;
    return renameOverOwn(from, to);
  }
  try {
    fs.unlinkSync(from);
  } catch (error) {
    fs.unlinkSync(to);
    throw error;
  }
}

/**
 * Without links: takes the name with an empty file of our own, then replaces that. Nothing of others is ever
 * replaced; a crash between the two steps leaves the empty file.
 */
function renameOverOwn(from: string, to: string): void {
  if (statNow(from) === undefined) throw new DiskError("ENOENT", "rename", from);
  fs.closeSync(fs.openSync(to, FLAGS.create, 0o666));
  try {
    fs.renameSync(from, to);
  } catch (error) {
    fs.unlinkSync(to);
    throw error;
  }
}

async function syncDirectoryNow(path: string): Promise<void> {
  try {
    const fd = fs.openSync(path, O_RDONLY);
    try {
      await synced(fd);
    } finally {
      fs.closeSync(fd);
    }
  } catch (error) {
    if (O_NOFOLLOW !== 0 || !isCode(error, CANNOT_SYNC_FOLDERS)) throw error;
  }
}

/** The one call that may take seconds: it must not hold the thread, whose heartbeats others wait for. */
function synced(fd: number): Promise<void> {
  return new Promise((resolve, reject) => {
    fs.fsync(fd, (error) => error ? reject(error) : resolve());
  });
}

function freeSpaceNow(path: string): number {
  const { bavail, bsize } = fs.statfsSync(path);
  return bavail * bsize;
}

function toStat(stats: BigIntStats): FileStat {
  return {
    kind: kindOf(stats),
    size: Number(stats.size),
    // Deno's clock of files has whole milliseconds.
    mtime: Number(stats.mtimeNs) / 1e6,
    inode: String(stats.ino),
  };
}

function kindOf(entry: BigIntStats | Dirent): EntryKind {
  if (entry.isSymbolicLink()) return "symlink";
  if (entry.isFile()) return "file";
  return entry.isDirectory() ? "directory" : "other";
}
