import { LRUCache } from "lru-cache";
import type { DiskFile } from "../actor/mod.ts";

interface Entry {
  readonly file: Promise<DiskFile>;
  users: number;
  evicted: boolean;
}

/**
 * Files that stay open between reads, a bounded number of them. One that is pushed out while somebody reads is
 * closed after that.
 */
export class OpenFiles implements AsyncDisposable {
  readonly #entries: LRUCache<string, Entry>;
  readonly #closing = new Set<Promise<void>>();
  #closed = false;

  constructor(max: number) {
    this.#entries = new LRUCache<string, Entry>({
      max,
      dispose: (entry) => {
        entry.evicted = true;
        this.#closeUnused(entry);
      },
    });
  }

  /** Runs `work` with the file of `key`, which `open` opens if it is not open. */
  async use<T>(
    key: string,
    open: () => Promise<DiskFile>,
    work: (file: DiskFile) => Promise<T>,
  ): Promise<T> {
    let entry = this.#entries.get(key);
    if (entry === undefined) {
      const opened: Entry = { file: open(), users: 0, evicted: this.#closed };
      if (!this.#closed) this.#entries.set(key, opened);
      entry = opened;
    }
    entry.users++;
    try {
      return await work(await this.#opened(key, entry));
    } finally {
      entry.users--;
      this.#closeUnused(entry);
    }
  }

  /** Closes the file of `key`, after those who read it. */
  forget(key: string): void {
    this.#entries.delete(key);
  }

  /** Closes all; settles when they are closed. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true;
    this.#entries.clear();
    await Promise.all(this.#closing);
  }

  async #opened(key: string, entry: Entry): Promise<DiskFile> {
    try {
      return await entry.file;
    } catch (error) {
      // The next one shall try again.
      if (this.#entries.peek(key) === entry) this.#entries.delete(key);
      throw error;
    }
  }

  #closeUnused(entry: Entry): void {
    if (!entry.evicted || entry.users > 0) return;
    // Read only: nothing is lost when a close fails.
    const closing: Promise<void> = entry.file.then((file) => file.close()).catch(() => {})
      .finally(() => this.#closing.delete(closing));
    this.#closing.add(closing);
  }
}
