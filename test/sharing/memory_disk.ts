import type {
  Clock,
  DirectoryEntry,
  Disk,
  DiskFile,
  EntryKind,
  FileStat,
  OpenMode,
  Random,
} from "../../src/actor/mod.ts";
import { DiskError } from "../../src/actor/mod.ts";

interface Node {
  kind: EntryKind;
  readonly inode: string;
  mtime: number;
  /** What readers see. */
  bytes: Uint8Array;
  /** What survives a crash. */
  durable: Uint8Array;
  /** Writes since the last sync, in order. */
  unsynced: { readonly at: number; readonly bytes: Uint8Array }[];
}

/** A fault to inject: gives the code of the error that `operation` on `path` shall fail with. */
export type DiskFault = (operation: string, path: string) => string | undefined;

/**
 * A disk in memory that loses what was not synced when it crashes, and fails when it is told to. Names are durable at
 * once; paths have no links in the middle.
 */
export class MemoryDisk implements Disk {
  fault: DiskFault = () => undefined;
  free: number = 2 ** 40;
  /** Every name that was ever given by a rename, with the bytes it had then. */
  readonly renamed: { readonly to: string; readonly bytes: Uint8Array }[] = [];
  /** Files that are open now. */
  openFiles = 0;
  syncs = 0;
  readonly #nodes = new Map<string, Node>();
  readonly #clock: Clock;
  #inodes = 0;
  #ticks = 0;
  /** Grows with every crash: files that were open before are dead. */
  #life = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#nodes.set("/", this.#node("directory"));
  }

  /** The machine fails: of what was not synced, any part may be lost; open files are dead. */
  crash(random: Random): void {
    this.#life++;
    this.openFiles = 0;
    for (const node of this.#nodes.values()) {
      for (const write of node.unsynced) {
        if (random.below(2) === 0) apply(node, "durable", write.at, write.bytes);
      }
      node.unsynced = [];
      node.bytes = node.durable.slice();
    }
  }

  /** Puts a file there, durably. */
  put(path: string, bytes: Uint8Array): void {
    this.#mkdir(parentOf(path));
    const node = this.#node("file");
    node.bytes = bytes.slice();
    node.durable = bytes.slice();
    this.#nodes.set(path, node);
  }

  bytesOf(path: string): Uint8Array | undefined {
    return this.#nodes.get(path)?.bytes;
  }

  /** Paths of all files. */
  files(): string[] {
    return [...this.#nodes].filter(([, node]) => node.kind === "file").map(([path]) => path).sort();
  }

  open(path: string, mode: OpenMode): Promise<DiskFile> {
    return this.#do("open", path, () => {
      let node = this.#nodes.get(path);
      if (mode === "create") {
        if (node !== undefined) throw new DiskError("EEXIST", "open", path);
        this.#directory("open", parentOf(path));
        node = this.#node("file");
        this.#nodes.set(path, node);
      }
      if (node === undefined) throw new DiskError("ENOENT", "open", path);
      if (node.kind === "directory") throw new DiskError("EISDIR", "open", path);
      if (node.kind !== "file") throw new DiskError("ELOOP", "open", path);
      this.openFiles++;
      return this.#file(path, node, mode, this.#life);
    });
  }

  readFile(path: string, limit: number = 2 ** 24): Promise<Uint8Array> {
    return this.#do("read", path, () => {
      const node = this.#nodes.get(path);
      if (node === undefined) throw new DiskError("ENOENT", "read", path);
      if (node.kind === "directory") throw new DiskError("EISDIR", "read", path);
      if (node.bytes.length > limit) throw new DiskError("EFBIG", "read", path);
      return node.bytes.slice();
    });
  }

  list(path: string): Promise<DirectoryEntry[]> {
    return this.#do("list", path, () => {
      this.#directory("list", path);
      const prefix = path === "/" ? "/" : `${path}/`;
      return [...this.#nodes].filter(([each]) => each !== "/" && parentOf(each) === path)
        .map(([each, { kind }]) => ({ name: each.slice(prefix.length), kind }))
        .sort((a, b) => a.name < b.name ? -1 : 1);
    });
  }

  stat(path: string): Promise<FileStat | undefined> {
    return this.#do("stat", path, () => {
      const node = this.#nodes.get(path);
      return node && toStat(node);
    });
  }

  realPath(path: string): Promise<string> {
    return this.#do("resolve", path, () => {
      if (!this.#nodes.has(path)) throw new DiskError("ENOENT", "resolve", path);
      return path;
    });
  }

  rename(from: string, to: string): Promise<void> {
    return this.#do("rename", from, () => this.#move(from, to));
  }

  renameNew(from: string, to: string): Promise<void> {
    return this.#do("rename", to, () => {
      if (!this.#nodes.has(from)) throw new DiskError("ENOENT", "rename", from);
      if (this.#nodes.has(to)) throw new DiskError("EEXIST", "rename", to);
      this.#move(from, to);
      this.renamed.push({ to, bytes: this.#nodes.get(to)!.durable.slice() });
    });
  }

  remove(path: string): Promise<void> {
    return this.#do("remove", path, () => {
      if (this.#nodes.get(path)?.kind === "directory") {
        throw new DiskError("EISDIR", "remove", path);
      }
      this.#nodes.delete(path);
    });
  }

  makeDirectory(path: string): Promise<void> {
    return this.#do("make folder", path, () => this.#mkdir(path));
  }

  syncDirectory(path: string): Promise<void> {
    return this.#do("sync folder", path, () => this.#directory("sync folder", path));
  }

  freeSpace(path: string): Promise<number> {
    return this.#do("ask for free space", path, () => {
      if (!this.#nodes.has(path)) throw new DiskError("ENOENT", "ask for free space", path);
      return this.free;
    });
  }

  #file(path: string, node: Node, mode: OpenMode, life: number): DiskFile {
    let open = true;
    const act = async <T>(operation: string, work: () => T): Promise<T> => {
      if (!open || life !== this.#life) throw new DiskError("EBADF", operation, path);
      return await this.#do(operation, path, () => {
        if (life !== this.#life) throw new DiskError("EBADF", operation, path);
        return work();
      });
    };
    const writable = (operation: string): void => {
      if (mode === "read") throw new DiskError("EBADF", operation, path);
    };
    const close = (): Promise<void> => {
      if (open && life === this.#life) this.openFiles--;
      open = false;
      return Promise.resolve();
    };
    return {
      read: (into, position) =>
        act("read", () => {
          const bytes = node.bytes.subarray(position, position + into.length);
          into.set(bytes);
          return bytes.length;
        }),
      write: (bytes, position) =>
        act("write", () => {
          writable("write");
          const own = bytes.slice();
          node.unsynced.push({ at: position, bytes: own });
          apply(node, "bytes", position, own);
          node.mtime = this.#now();
        }),
      truncate: (size) =>
        act("truncate", () => {
          writable("truncate");
          const bytes = new Uint8Array(size);
          bytes.set(node.bytes.subarray(0, size));
          node.bytes = bytes;
          node.durable = bytes.slice();
          node.unsynced = [];
          node.mtime = this.#now();
        }),
      stat: () => act("stat", () => toStat(node)),
      sync: () =>
        act("sync", () => {
          this.syncs++;
          node.unsynced = [];
          node.durable = node.bytes.slice();
        }),
      close,
      [Symbol.asyncDispose]: close,
    };
  }

  /** Every operation takes a turn, so that others come in between, and fails where the fault says so. */
  async #do<T>(operation: string, path: string, work: () => T): Promise<T> {
    await Promise.resolve();
    const code = path.includes("\0") ? "EINVAL" : this.fault(operation, path);
    if (code !== undefined) throw new DiskError(code, operation, path);
    return work();
  }

  /** No two changes have one time, as on a disk with a fine clock. */
  #now(): number {
    return this.#clock.wall() + ++this.#ticks / 1_000;
  }

  #node(kind: EntryKind): Node {
    return {
      kind,
      inode: String(++this.#inodes),
      mtime: this.#now(),
      bytes: new Uint8Array(),
      durable: new Uint8Array(),
      unsynced: [],
    };
  }

  #directory(operation: string, path: string): void {
    const node = this.#nodes.get(path);
    if (node === undefined) throw new DiskError("ENOENT", operation, path);
    if (node.kind !== "directory") throw new DiskError("ENOTDIR", operation, path);
  }

  #mkdir(path: string): void {
    const there = this.#nodes.get(path);
    if (there?.kind === "directory") return;
    if (there !== undefined) throw new DiskError("EEXIST", "make folder", path);
    this.#mkdir(parentOf(path));
    this.#nodes.set(path, this.#node("directory"));
  }

  #move(from: string, to: string): void {
    const node = this.#nodes.get(from);
    if (node === undefined) throw new DiskError("ENOENT", "rename", from);
    this.#directory("rename", parentOf(to));
    this.#nodes.delete(from);
    this.#nodes.set(to, node);
  }
}

function apply(node: Node, which: "bytes" | "durable", at: number, bytes: Uint8Array): void {
  if (at + bytes.length > node[which].length) {
    const larger = new Uint8Array(at + bytes.length);
    larger.set(node[which]);
    node[which] = larger;
  }
  node[which].set(bytes, at);
}

function toStat(node: Node): FileStat {
  return { kind: node.kind, size: node.bytes.length, mtime: node.mtime, inode: node.inode };
}

function parentOf(path: string): string {
  return path.slice(0, Math.max(1, path.lastIndexOf("/")));
}
