import * as fs from "node:fs";
import type { DiskFile, FileStat, OpenMode } from "../../actor/mod.ts";
import { DiskError } from "../../actor/mod.ts";
import { attempt } from "./disk_attempt.ts";
import { kindOf, toStat } from "./disk_stat.ts";

const { O_RDONLY, O_RDWR, O_CREAT, O_EXCL } = fs.constants;

/** Windows knows neither: 0 there. */
export const NO_FOLLOW: number = fs.constants.O_NOFOLLOW ?? 0;
const NONBLOCK: number = fs.constants.O_NONBLOCK ?? 0;
const DSYNC: number = fs.constants.O_DSYNC ?? 0;

/** A fifo is opened without waiting for its other end, so that it can be told from a file and refused. */
export const FLAGS: Readonly<Record<OpenMode, number>> = {
  read: O_RDONLY | NO_FOLLOW | NONBLOCK,
  write: O_RDWR | NO_FOLLOW | NONBLOCK,
  create: O_RDWR | O_CREAT | O_EXCL | NO_FOLLOW,
  durable: O_RDWR | NO_FOLLOW | NONBLOCK | DSYNC,
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

/** Opens a regular file and no link; else `ELOOP`, `EISDIR` or `EINVAL`. */
export function openFile(path: string, mode: OpenMode): Promise<DiskFile> {
  return attempt("open", path, () => {
    const fd = fs.openSync(path, FLAGS[mode], 0o666);
    try {
      const kind = kindOf(fs.fstatSync(fd, { bigint: true }));
      if (kind !== "file") {
        throw new DiskError(kind === "directory" ? "EISDIR" : "EINVAL", "open", path);
      }
      return mode === "durable" ? new DurableFile(path, fd) : new OpenFile(path, fd);
    } catch (error) {
      fs.closeSync(fd);
      throw error;
    }
  });
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
      return this.aside("write", (fd) => {
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
    return this.aside("sync", synced);
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

  /** For work that may take seconds: it must not hold the thread, whose heartbeats others wait for. */
  protected async aside(operation: string, work: (fd: number) => Promise<void>): Promise<void> {
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

/** One way to another thread and back is all that a durable write takes: the system syncs what it writes. */
class DurableFile extends OpenFile {
  override write(bytes: Uint8Array, position: number): Promise<void> {
    return this.aside("write", async (fd) => {
      await writeAside(fd, bytes, position);
      // Windows has no such files.
      if (DSYNC === 0) await synced(fd);
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

/** The one call that may take seconds: it must not hold the thread, whose heartbeats others wait for. */
export function synced(fd: number): Promise<void> {
  return new Promise((resolve, reject) => {
    fs.fsync(fd, (error) => error ? reject(error) : resolve());
  });
}
