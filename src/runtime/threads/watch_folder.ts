import type { Dirent, FSWatcher } from "node:fs";
import * as fs from "node:fs";
import { FOLDER_EVENTS, watchTree } from "./platform.ts";

/** Milliseconds after an event in which others are collected, before subfolders are looked for. */
const LOOK_MS = 50;

/**
 * Calls `onChange` whenever something in `folder` or below it may have changed: at least once after each change, now and
 * then for nothing. Settles when `signal` is aborted, and rejects when the folder cannot be watched (any more).
 */
export function watchFolder(
  folder: string,
  onChange: () => void,
  signal: AbortSignal,
): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return FOLDER_EVENTS === "tree"
    ? watchTree(folder, onChange, signal)
    : new FolderByFolder(folder, onChange, signal).over;
}

/** Where the system tells of one folder at a time: a watcher for each, and a new look at all of them after an event. */
class FolderByFolder {
  /** Settles when it is over. */
  readonly over: Promise<void>;
  readonly #top: string;
  readonly #onChange: () => void;
  readonly #watchers = new Map<string, FSWatcher>();
  #timer: NodeJS.Timeout | undefined;
  #end!: (error?: unknown) => void;

  constructor(top: string, onChange: () => void, signal: AbortSignal) {
    this.#top = top;
    this.#onChange = onChange;
    this.over = new Promise((resolve, reject) => {
      const stop = (): void => this.#end();
      this.#end = (error) => {
        signal.removeEventListener("abort", stop);
        clearTimeout(this.#timer);
        for (const watcher of this.#watchers.values()) watcher.close();
        this.#watchers.clear();
        this.#end = () => {};
        if (error === undefined) resolve();
        else reject(error);
      };
      signal.addEventListener("abort", stop, { once: true });
    });
    this.#look();
  }

  #changed(): void {
    this.#onChange();
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      // What came into a new folder before it was watched is known to nobody yet.
      if (this.#look()) this.#onChange();
    }, LOOK_MS).unref();
  }

  /** Watches the folders that are there now; gives whether there are new ones. */
  #look(): boolean {
    const there = new Set<string>();
    let fresh = false;
    try {
      this.#add(this.#top, there);
      fresh = [...there].some((folder) => !this.#watchers.has(folder));
      for (const folder of there) this.#watch(folder);
    } catch (error) {
      this.#end(error);
      return false;
    }
    for (const [folder, watcher] of this.#watchers) {
      if (there.has(folder)) continue;
      watcher.close();
      this.#watchers.delete(folder);
    }
    return fresh;
  }

  #watch(folder: string): void {
    if (this.#watchers.has(folder)) return;
    try {
      const watcher = fs.watch(folder, { persistent: false }, () => this.#changed());
      watcher.on("error", () => this.#forget(folder, watcher));
      this.#watchers.set(folder, watcher);
    } catch (error) {
      // It went in the meantime; that the limit of watchers is reached must be told.
      if (folder === this.#top || fs.existsSync(folder)) throw error;
    }
  }

  #forget(folder: string, watcher: FSWatcher): void {
    watcher.close();
    if (this.#watchers.get(folder) === watcher) this.#watchers.delete(folder);
    this.#changed();
  }

  /** Adds `folder` and those below it to `there`. Links are not followed. */
  #add(folder: string, there: Set<string>): void {
    let entries: Dirent[];
    try {
      entries = fs.readdirSync(folder, { withFileTypes: true });
    } catch (error) {
      if (folder === this.#top) throw error;
      // It went in the meantime, or may not be read: then nothing in it is shared.
      return;
    }
    there.add(folder);
    for (const entry of entries) {
      if (entry.isDirectory()) this.#add(`${folder}/${entry.name}`, there);
    }
  }
}
