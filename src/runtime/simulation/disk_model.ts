import type { DirectoryEntry, EntryKind, FileStat } from "../../actor/mod.ts";
import { DiskError } from "../../actor/mod.ts";
import type { Draws } from "./draws.ts";

/** What was done to a file and not synced yet. */
type Change = { readonly at: number; readonly bytes: Uint8Array } | { readonly size: number };

/** A file or folder, whatever names it has. */
export interface Inode {
  readonly kind: EntryKind;
  readonly number: string;
  mtime: number;
  /** What readers see. */
  bytes: Uint8Array;
  /** What survives a crash for sure. */
  durable: Uint8Array;
  unsynced: Change[];
}

/** A name that came to be, went, or moved, and is not synced yet. */
interface Renaming {
  readonly removed: string | undefined;
  readonly added: { readonly path: string; readonly inode: Inode } | undefined;
}

/** How much a crash may take. */
export interface CrashOptions {
  /** `lost`: everything that was not synced. `kept`: nothing. Default: chance decides for each write and name. */
  readonly unsynced?: "lost" | "kept" | "chance";
}

/** Purposes of a crash's draws. */
const NAMES = 0;
const WRITE = 1;
const CUT = 2;

/**
 * What is on a disk, and what a crash leaves of it. The bytes of a file survive once the file is synced, a name once its
 * folder is; names reach the disk in order, as in a journal, writes in any. Of a write that was under way any part from its
 * start may be there.
 */
export class DiskModel {
  readonly #now: () => number;
  #names = new Map<string, Inode>();
  #durable = new Map<string, Inode>();
  #journal: Renaming[] = [];
  #inodes = 0;
  #ticks = 0;
  /** Told the path of whatever changes; the path alone says too little to go by. */
  readonly watchers: Set<(path: string) => void> = new Set();

  /** @param now milliseconds since 1970 */
  constructor(now: () => number) {
    this.#now = now;
    const top = this.#inode("directory");
    this.#names.set("/", top);
    this.#durable.set("/", top);
  }

  // ------------------------------------------------------------ looking

  find(operation: string, path: string): Inode {
    const inode = this.#names.get(path);
    if (inode !== undefined) return inode;
    throw new DiskError("ENOENT", operation, path);
  }

  has(path: string): boolean {
    return this.#names.has(path);
  }

  /** The paths of all files, sorted in code-unit order. */
  files(): string[] {
    return [...this.#names].filter(([, { kind }]) => kind === "file").map(([path]) => path).sort();
  }

  folder(operation: string, path: string): void {
    const { kind } = this.find(operation, path);
    if (kind !== "directory") throw new DiskError("ENOTDIR", operation, path);
  }

  file(operation: string, path: string): Inode {
    const inode = this.find(operation, path);
    if (inode.kind === "directory") throw new DiskError("EISDIR", operation, path);
    return inode;
  }

  list(path: string): DirectoryEntry[] {
    this.folder("list", path);
    const start = path === "/" ? 1 : path.length + 1;
    const entries: DirectoryEntry[] = [];
    for (const [each, { kind }] of this.#names) {
      if (each !== "/" && parentOf(each) === path) entries.push({ name: each.slice(start), kind });
    }
    return entries.sort((a, b) => a.name < b.name ? -1 : 1);
  }

  /** Bytes of all files. */
  get used(): number {
    let bytes = 0;
    for (const { bytes: { length } } of this.#names.values()) bytes += length;
    return bytes;
  }

  // ------------------------------------------------------------ changing

  create(path: string): Inode {
    if (this.#names.has(path)) throw new DiskError("EEXIST", "open", path);
    this.folder("open", parentOf(path));
    const inode = this.#inode("file");
    this.#rename(undefined, { path, inode });
    return inode;
  }

  write(inode: Inode, bytes: Uint8Array, at: number): void {
    const change = { at, bytes: bytes.slice() };
    inode.unsynced.push(change);
    inode.bytes = changed(inode.bytes, change);
    inode.mtime = this.#time();
  }

  truncate(inode: Inode, size: number): void {
    const change = { size };
    inode.unsynced.push(change);
    inode.bytes = changed(inode.bytes, change);
    inode.mtime = this.#time();
  }

  sync(inode: Inode): void {
    if (inode.unsynced.length === 0) return;
    inode.unsynced = [];
    inode.durable = inode.bytes.slice();
  }

  /** `to` is replaced unless `fresh`. */
  move(from: string, to: string, fresh: boolean): void {
    const inode = this.find("rename", from);
    if (fresh && this.#names.has(to)) throw new DiskError("EEXIST", "rename", to);
    this.folder("rename", parentOf(to));
    this.#rename(from, { path: to, inode });
  }

  remove(path: string): void {
    const inode = this.#names.get(path);
    if (inode === undefined) return;
    if (inode.kind === "directory") throw new DiskError("EISDIR", "remove", path);
    this.#rename(path, undefined);
  }

  makeDirectory(path: string): void {
    const there = this.#names.get(path);
    if (there?.kind === "directory") return;
    if (there !== undefined) throw new DiskError("EEXIST", "make folder", path);
    this.makeDirectory(parentOf(path));
    this.#rename(undefined, { path, inode: this.#inode("directory") });
  }

  syncDirectory(path: string): void {
    this.folder("sync folder", path);
    const concerns = ({ removed, added }: Renaming): boolean =>
      (removed !== undefined && parentOf(removed) === path) ||
      (added !== undefined && parentOf(added.path) === path);
    const last = this.#journal.findLastIndex(concerns);
    for (const each of this.#journal.splice(0, last + 1)) rename(this.#durable, each);
  }

  #rename(removed: string | undefined, added: Renaming["added"]): void {
    const renaming = { removed, added };
    this.#journal.push(renaming);
    rename(this.#names, renaming);
    if (removed !== undefined) this.tell(removed);
    if (added !== undefined) this.tell(added.path);
  }

  /** Something at `path` changed. */
  tell(path: string): void {
    for (const watcher of this.watchers) watcher(path);
  }

  /** Puts a file there, durably, with the folders above it. */
  put(path: string, bytes: Uint8Array): void {
    this.makeDirectory(parentOf(path));
    const inode = this.#inode("file");
    inode.bytes = bytes.slice();
    inode.durable = bytes.slice();
    this.#rename(undefined, { path, inode });
    this.syncAll();
  }

  /** Everything survives a crash from here on. */
  syncAll(): void {
    for (const each of this.#journal.splice(0)) rename(this.#durable, each);
    for (const inode of this.#names.values()) this.sync(inode);
  }

  /** Every file is gone for ever; folders stay. */
  wipe(): void {
    for (const path of this.files()) this.#names.delete(path);
    this.#durable = new Map(this.#names);
    this.#journal = [];
  }

  // ------------------------------------------------------------ crashing

  /** The machine fails. Its draws are those of `draws`. */
  crash(draws: Draws, { unsynced = "chance" }: CrashOptions = {}): void {
    if (unsynced === "kept") return this.syncAll();
    const journal = this.#journal;
    const part = unsynced === "lost" ? 0 : draws.at(0, NAMES);
    const kept = Math.floor(part * (journal.length + 1));
    for (const each of journal.slice(0, kept)) rename(this.#durable, each);
    this.#journal = [];
    this.#names = new Map(this.#durable);
    let n = 0;
    for (const inode of new Set(this.#names.values())) {
      for (const change of unsynced === "lost" ? [] : inode.unsynced) {
        const rest = leftOf(change, draws.at(n, WRITE), draws.at(n, CUT));
        if (rest !== undefined) inode.durable = changed(inode.durable, rest);
        n++;
      }
      inode.unsynced = [];
      inode.bytes = inode.durable.slice();
    }
  }

  // ------------------------------------------------------------ times and numbers

  /** No two changes have one time, as on a disk with a fine clock. */
  #time(): number {
    return this.#now() + (++this.#ticks % 1_000) / 1_000;
  }

  #inode(kind: EntryKind): Inode {
    const none = new Uint8Array();
    return {
      kind,
      number: String(++this.#inodes),
      mtime: this.#time(),
      bytes: none,
      durable: none,
      unsynced: [],
    };
  }
}

/** What a crash leaves of a change, for two draws: all of it, nothing, or the beginning. */
function leftOf(change: Change, fate: number, cut: number): Change | undefined {
  if (fate < 0.4) return undefined;
  if (fate < 0.8 || "size" in change) return change;
  return { at: change.at, bytes: change.bytes.subarray(0, Math.floor(cut * change.bytes.length)) };
}

function changed(bytes: Uint8Array, change: Change): Uint8Array {
  const size = "size" in change
    ? change.size
    : Math.max(bytes.length, change.bytes.length && change.at + change.bytes.length);
  // In place where the size stays: readers get copies.
  const after = size === bytes.length ? bytes : new Uint8Array(size);
  if (after !== bytes) after.set(bytes.subarray(0, size));
  if ("bytes" in change) after.set(change.bytes, change.bytes.length > 0 ? change.at : 0);
  return after;
}

function rename(names: Map<string, Inode>, { removed, added }: Renaming): void {
  if (removed !== undefined) names.delete(removed);
  if (added !== undefined) names.set(added.path, added.inode);
}

export function statOf({ kind, bytes, mtime, number }: Inode): FileStat {
  return { kind, size: bytes.length, mtime, inode: number };
}

export function parentOf(path: string): string {
  return path.slice(0, Math.max(1, path.lastIndexOf("/")));
}
