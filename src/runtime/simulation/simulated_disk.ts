import type { Disk, DiskFile, OpenMode } from "../../actor/mod.ts";
import { DiskError } from "../../actor/mod.ts";
import type { DiskTrouble } from "../threads/disk_trouble.ts";
import { isSound } from "../threads/disk_trouble.ts";
import { troubledDisk } from "../threads/troubled_disk.ts";
import type { DiskRules, Doing } from "./disk_faults.ts";
import { changedDiskRules, diskFailure } from "./disk_faults.ts";
import type { CrashOptions, Inode } from "./disk_model.ts";
import { DiskModel, statOf } from "./disk_model.ts";
import { Draws } from "./draws.ts";

/** Purposes of an operation's draws. */
const LATENCY = 0;
const FAILURE = 1;
/** Purpose of the draws of a crash: how many of the unfinished operations were done. */
const UNFINISHED = 2;

const DEFAULT_READ_LIMIT = 16 * 2 ** 20;

/** Has `fn` called at `time`, or never where whoever asked is gone by then. */
export type Later = (time: number, what: string, fn: () => void) => void;

/** Where the operations of a disk are begun and end. */
export interface DiskUser {
  readonly now: () => number;
  readonly later: Later;
  /** Other rules than those of the disk. */
  readonly rules?: DiskRules;
}

/** An operation that has not ended. */
interface Unfinished {
  readonly work: () => void;
}

/**
 * A disk that outlives its actors. Each operation takes the time that its rules draw, fails where they say so, and has
 * happened when it ends; a crash leaves what was synced, and of the rest what chance leaves.
 */
export class SimulatedDisk {
  readonly model: DiskModel;
  readonly #key: string;
  readonly #draws: Draws;
  #rules: DiskRules;
  #operations = 0;
  #crashes = 0;
  /** No operation ends before. */
  #last = 0;
  #unfinished: Unfinished[] = [];
  #trouble: DiskTrouble | undefined;
  #waiting: (() => void)[] = [];

  /**
   * @param key names seed and disk, see {@linkcode Draws}
   * @param wall milliseconds since 1970
   */
  constructor(key: string, rules: DiskRules, wall: () => number) {
    this.#key = key;
    this.#draws = new Draws(key);
    this.#rules = changedDiskRules(rules, {});
    this.model = new DiskModel(wall);
  }

  get rules(): DiskRules {
    return this.#rules;
  }

  /** @throws InvalidOptionError naming the rule */
  change(rules: Partial<DiskRules>): void {
    this.#rules = changedDiskRules(this.#rules, rules);
  }

  /** Has something wrong with it besides its rules, for whoever is an actor. */
  disturb(trouble: DiskTrouble): void {
    this.#trouble = isSound(trouble) ? undefined : trouble;
    for (const proceed of this.#waiting.splice(0)) proceed();
  }

  /** The machine fails: of the operations that had not ended some may be done, and of what was not synced some is lost. */
  crash(options: CrashOptions = {}): void {
    const draws = new Draws(`${this.#key}/crash ${this.#crashes++}`);
    const unfinished = this.#unfinished;
    this.#unfinished = [];
    this.#last = 0;
    const done = Math.floor(draws.at(0, UNFINISHED) * (unfinished.length + 1));
    for (const { work } of unfinished.slice(0, done)) {
      try {
        work();
      } catch {
        // It would have failed.
      }
    }
    this.model.crash(draws, options);
  }

  /** The disk as it is used by somebody: whoever is gone hears of no end. */
  for(user: DiskUser): Disk {
    return new DiskView(this, user);
  }

  /** The same with what is wrong with it. */
  troubled(user: DiskUser): Disk {
    const trouble = (): DiskTrouble | undefined => this.#trouble;
    const later = (ms: number, resolve: () => void): void =>
      user.later(user.now() + ms, "disk waits", resolve);
    return troubledDisk(this.for(user), {
      get trouble() {
        return trouble();
      },
      wait: (ms) => new Promise((resolve) => later(ms, resolve)),
      changed: () => new Promise((resolve) => void this.#waiting.push(() => later(0, resolve))),
    });
  }

  /** The disk without latency and faults. */
  direct(now: () => number): Disk {
    const quiet: DiskRules = { ...this.#rules, failing: 0, full: false, readOnly: false };
    return this.for({ now, later: () => {}, rules: quiet });
  }

  /** Begins an operation; it happens, and its promise settles, when its time is over. */
  begin<T>(
    user: DiskUser,
    doing: Doing,
    operation: string,
    path: string,
    work: () => T,
  ): Promise<T> {
    if (user.rules !== undefined) return this.#atOnce(user.rules, doing, operation, path, work);
    const n = this.#operations++;
    const { latency, slow } = this.#rules;
    const now = user.now();
    const end = Math.max(now + latency(this.#draws.at(n, LATENCY)) * slow, this.#last);
    this.#last = end;
    return new Promise((resolve, reject) => {
      const unfinished: Unfinished = { work };
      this.#unfinished.push(unfinished);
      user.later(end, `disk ${operation}`, () => {
        this.#unfinished = this.#unfinished.filter((each) => each !== unfinished);
        const code = path.includes("\0")
          ? "EINVAL"
          : diskFailure(this.#rules, doing, this.#draws.at(n, FAILURE));
        if (code !== undefined) return reject(new DiskError(code, operation, path));
        try {
          resolve(work());
        } catch (error) {
          reject(error);
        }
        if (doing !== "looks") this.model.tell(path);
      });
    });
  }

  /** Counts as no operation: what tests do with a disk moves no draw of its actors. */
  async #atOnce<T>(
    rules: DiskRules,
    doing: Doing,
    operation: string,
    path: string,
    work: () => T,
  ): Promise<T> {
    const code = path.includes("\0") ? "EINVAL" : diskFailure(rules, doing, 1);
    if (code !== undefined) throw new DiskError(code, operation, path);
    return await work();
  }

  /** @throws DiskError if `more` bytes do not fit */
  reserve(more: number, operation: string, path: string): void {
    if (more <= 0 || this.model.used + more <= this.#rules.capacity) return;
    throw new DiskError("ENOSPC", operation, path);
  }

  get free(): number {
    const { full, capacity } = this.#rules;
    return full ? 0 : Math.max(0, capacity - this.model.used);
  }
}

class DiskView implements Disk {
  readonly #disk: SimulatedDisk;
  readonly #user: DiskUser;

  constructor(disk: SimulatedDisk, user: DiskUser) {
    this.#disk = disk;
    this.#user = user;
  }

  #do<T>(
    doing: Doing,
    operation: string,
    path: string,
    work: (model: DiskModel) => T,
  ): Promise<T> {
    return this.#disk.begin(this.#user, doing, operation, path, () => work(this.#disk.model));
  }

  open(path: string, mode: OpenMode): Promise<DiskFile> {
    const doing = mode === "create" ? "grows" : mode === "read" ? "looks" : "changes";
    return this.#do(doing, "open", path, (model) => {
      const inode = mode === "create" ? model.create(path) : model.file("open", path);
      return new OpenFile(this.#disk, this.#user, path, inode, mode);
    });
  }

  readFile(path: string, limit: number = DEFAULT_READ_LIMIT): Promise<Uint8Array> {
    return this.#do("looks", "read", path, (model) => {
      const { bytes } = model.file("read", path);
      if (bytes.length > limit) throw new DiskError("EFBIG", "read", path);
      return bytes.slice();
    });
  }

  list(path: string): ReturnType<Disk["list"]> {
    return this.#do("looks", "list", path, (model) => model.list(path));
  }

  stat(path: string): ReturnType<Disk["stat"]> {
    return this.#do("looks", "stat", path, (model) => {
      return model.has(path) ? statOf(model.find("stat", path)) : undefined;
    });
  }

  realPath(path: string): Promise<string> {
    return this.#do("looks", "resolve", path, (model) => {
      model.find("resolve", path);
      return path;
    });
  }

  rename(from: string, to: string): Promise<void> {
    return this.#do("changes", "rename", from, (model) => model.move(from, to, false));
  }

  renameNew(from: string, to: string): Promise<void> {
    return this.#do("changes", "rename", to, (model) => model.move(from, to, true));
  }

  remove(path: string): Promise<void> {
    return this.#do("changes", "remove", path, (model) => model.remove(path));
  }

  makeDirectory(path: string): Promise<void> {
    return this.#do("grows", "make folder", path, (model) => model.makeDirectory(path));
  }

  syncDirectory(path: string): Promise<void> {
    return this.#do("looks", "sync folder", path, (model) => model.syncDirectory(path));
  }

  freeSpace(path: string): Promise<number> {
    return this.#do("looks", "ask for free space", path, (model) => {
      model.find("ask for free space", path);
      return this.#disk.free;
    });
  }

  watch(path: string, onChange: () => void, signal: AbortSignal): Promise<void> {
    const { model } = this.#disk;
    const { now, later } = this.#user;
    const tell = (changed: string): void => {
      if (changed === path || changed.startsWith(`${path}/`)) {
        later(now(), `disk change below ${path}`, () => signal.aborted || onChange());
      }
    };
    return new Promise((resolve) => {
      if (signal.aborted) return resolve();
      model.watchers.add(tell);
      signal.addEventListener("abort", () => {
        model.watchers.delete(tell);
        resolve();
      }, { once: true });
    });
  }
}

class OpenFile implements DiskFile {
  readonly #disk: SimulatedDisk;
  readonly #user: DiskUser;
  readonly #path: string;
  readonly #inode: Inode;
  readonly #mode: OpenMode;
  #open = true;

  constructor(disk: SimulatedDisk, user: DiskUser, path: string, inode: Inode, mode: OpenMode) {
    this.#disk = disk;
    this.#user = user;
    this.#path = path;
    this.#inode = inode;
    this.#mode = mode;
  }

  #do<T>(doing: Doing, operation: string, work: (model: DiskModel) => T): Promise<T> {
    const path = this.#path;
    if (!this.#open || (doing !== "looks" && this.#mode === "read")) {
      return Promise.reject(new DiskError("EBADF", operation, path));
    }
    return this.#disk.begin(this.#user, doing, operation, path, () => work(this.#disk.model));
  }

  read(into: Uint8Array, position: number): Promise<number> {
    return this.#do("looks", "read", () => {
      const bytes = this.#inode.bytes.subarray(position, position + into.length);
      into.set(bytes);
      return bytes.length;
    });
  }

  write(bytes: Uint8Array, position: number): Promise<void> {
    // What the caller does to its buffer meanwhile must not show.
    const own = bytes.slice();
    return this.#do("grows", "write", (model) => {
      const more = position + own.length - this.#inode.bytes.length;
      this.#disk.reserve(more, "write", this.#path);
      model.write(this.#inode, own, position);
      if (this.#mode === "durable") model.sync(this.#inode);
    });
  }

  truncate(size: number): Promise<void> {
    return this.#do("changes", "truncate", (model) => {
      this.#disk.reserve(size - this.#inode.bytes.length, "truncate", this.#path);
      model.truncate(this.#inode, size);
    });
  }

  stat(): ReturnType<DiskFile["stat"]> {
    return this.#do("looks", "stat", () => statOf(this.#inode));
  }

  sync(): Promise<void> {
    return this.#do("looks", "sync", (model) => model.sync(this.#inode));
  }

  close(): Promise<void> {
    this.#open = false;
    return Promise.resolve();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}
