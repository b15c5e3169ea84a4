import { Refusal } from "./errors.ts";

/** What a name in a folder stands for. Links are never followed. */
export type EntryKind = "file" | "directory" | "symlink" | "other";

/** A name in a folder. */
export interface DirectoryEntry {
  readonly name: string;
  readonly kind: EntryKind;
}

/** What is known of a file without opening it. */
export interface FileStat {
  readonly kind: EntryKind;
  /** Bytes. */
  readonly size: number;
  /** Milliseconds since 1970, with fractions. */
  readonly mtime: number;
  /** Tells two files of one disk apart, also under one name. */
  readonly inode: string;
}

/**
 * How a file is opened: `read`; `write` an existing one (and read it); `create` one that must not exist (to read and write);
 * `durable` as `write`, and what is written would survive a crash of the machine as soon as its write settles.
 */
export type OpenMode = "read" | "write" | "create" | "durable";

/** An open file. Every position is in bytes from its start. */
export interface DiskFile extends AsyncDisposable {
  /** Reads into `into` from `position` on; gives the bytes read, fewer than asked for only at the end of the file. */
  read(into: Uint8Array, position: number): Promise<number>;
  /** Writes all of `bytes` at `position`. They must not change until it settles. */
  write(bytes: Uint8Array, position: number): Promise<void>;
  /** Cuts or extends (with zeros, sparse where the disk can) to `size` bytes. */
  truncate(size: number): Promise<void>;
  stat(): Promise<FileStat>;
  /** Returns when all that was written would survive a crash of the machine. */
  sync(): Promise<void>;
  /** Idempotent. */
  close(): Promise<void>;
}

/**
 * The disk of an actor. On threads it is the file system, in simulation a model of one; paths are absolute.
 * Every method rejects with a {@linkcode DiskError}, which an actor may let through to its caller: it is a
 * refusal and ends nobody.
 */
export interface Disk {
  open(path: string, mode: OpenMode): Promise<DiskFile>;
  /** The whole file; `limit` bytes at most (`EFBIG` above), 16 MiB unless told. */
  readFile(path: string, limit?: number): Promise<Uint8Array>;
  /** Entries sorted by name in code-unit order. */
  list(path: string): Promise<DirectoryEntry[]>;
  /** The entry itself, not what a link points to; undefined where nothing is. */
  stat(path: string): Promise<FileStat | undefined>;
  /** The path with every link in it resolved. */
  realPath(path: string): Promise<string>;
  /** Replaces `to` if it exists. */
  rename(from: string, to: string): Promise<void>;
  /** Moves `from` to `to`, atomically; `EEXIST` if `to` exists. */
  renameNew(from: string, to: string): Promise<void>;
  /** Removes a file; nothing happens where there is none. */
  remove(path: string): Promise<void>;
  /** Makes a folder and those above it; nothing happens where it exists. */
  makeDirectory(path: string): Promise<void>;
  /** Makes the names in a folder (creations, renames) survive a crash of the machine. */
  syncDirectory(path: string): Promise<void>;
  /** Bytes that are free to this user where `path` is. */
  freeSpace(path: string): Promise<number>;
  /**
   * Calls `onChange` whenever something in the folder `path` or below it may have changed: at least once after each change,
   * now and then for nothing. Settles when `signal` is aborted; rejects if the folder cannot be watched (any more). A disk
   * that hears of nothing does not have it.
   */
  watch?(path: string, onChange: () => void, signal: AbortSignal): Promise<void>;
}

/** An operation of a {@linkcode Disk} failed. */
export class DiskError extends Refusal {
  /** The system's code, as `ENOENT`, `EACCES`, `ENOSPC`, `EEXIST`, `EIO`. */
  readonly code: string;
  /** The operation, as `open`. */
  readonly operation: string;
  readonly path: string;

  constructor(code: string, operation: string, path: string, options?: ErrorOptions) {
    super(`${EXPLAINED[code] ?? code}: could not ${operation} ${JSON.stringify(path)}`, options);
    this.code = code;
    this.operation = operation;
    this.path = path;
  }
}

const EXPLAINED: Readonly<Record<string, string>> = {
  ENOENT: "No such file or folder",
  EACCES: "Permission denied",
  EPERM: "Not permitted",
  ENOSPC: "The disk is full",
  EDQUOT: "The disk quota is used up",
  EROFS: "The disk is read-only",
  EEXIST: "It exists already",
  EISDIR: "It is a folder",
  ENOTDIR: "A part of the path is no folder",
  EMFILE: "Too many open files",
  EFBIG: "The file is too large",
  EIO: "The disk reported an error",
};
