import * as fs from "node:fs";
import type { DirectoryEntry, Disk, FileStat } from "../../actor/mod.ts";
import { DiskError } from "../../actor/mod.ts";
import { attempt, isCode } from "./disk_attempt.ts";
import { FLAGS, NO_FOLLOW, openFile, synced } from "./disk_file.ts";
import { kindOf, toStat } from "./disk_stat.ts";
import { watchFolder } from "./watch_folder.ts";

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
  open: openFile,
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

async function readFile(path: string, limit: number = DEFAULT_READ_LIMIT): Promise<Uint8Array> {
  await using file = await openFile(path, "read");
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
    const fd = fs.openSync(path, fs.constants.O_RDONLY);
    try {
      await synced(fd);
    } finally {
      fs.closeSync(fd);
    }
  } catch (error) {
    if (NO_FOLLOW !== 0 || !isCode(error, CANNOT_SYNC_FOLDERS)) throw error;
  }
}

function freeSpaceNow(path: string): number {
  const { bavail, bsize } = fs.statfsSync(path);
  return bavail * bsize;
}
