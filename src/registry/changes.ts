import type { NameQuery, RegistryEvent } from "../actor/mod.ts";
import { WatcherTooSlowError } from "../actor/mod.ts";
import { Backlog } from "./backlog.ts";
import type { Watcher } from "./name_watch.ts";
import { watchNames } from "./name_watch.ts";

type Result = IteratorResult<RegistryEvent, undefined>;

interface Waiting {
  readonly resolve: (result: Result) => void;
  readonly reject: (error: Error) => void;
}

const DONE: Result = Object.freeze({ done: true, value: undefined });

/** A watch of names as a loop; each loop over it is a watch of its own. */
export function nameChanges(
  watcher: Watcher,
  query: NameQuery,
  limit: number,
): AsyncIterable<RegistryEvent> {
  return { [Symbol.asyncIterator]: () => new Changes(watcher, query, limit) };
}

/** By hand, since a generator that awaits cannot be ended from outside. */
class Changes implements AsyncIterator<RegistryEvent, undefined> {
  readonly #watcher: Watcher;
  readonly #query: NameQuery;
  readonly #backlog: Backlog;
  #queue: { readonly event: RegistryEvent; readonly counts: boolean }[] = [];
  #waiting: Waiting[] = [];
  #watch: Disposable | undefined;
  #over = false;
  /** What the next `next` fails with, once. */
  #error: Error | undefined;

  constructor(watcher: Watcher, query: NameQuery, limit: number) {
    this.#watcher = watcher;
    this.#query = query;
    this.#backlog = new Backlog(limit);
  }

  next(): Promise<Result> {
    this.#begin();
    const error = this.#error;
    if (error !== undefined) {
      this.#error = undefined;
      return Promise.reject(error);
    }
    const first = this.#queue.shift();
    if (first !== undefined) {
      if (first.counts) this.#backlog.taken();
      return Promise.resolve({ done: false, value: first.event });
    }
    if (this.#over) return Promise.resolve(DONE);
    return new Promise((resolve, reject) => this.#waiting.push({ resolve, reject }));
  }

  return(): Promise<Result> {
    this.#end(undefined);
    return Promise.resolve(DONE);
  }

  #begin(): void {
    if (this.#watch !== undefined || this.#over) return;
    this.#watch = watchNames(this.#watcher, this.#query, {
      event: (event, counts) => this.#event(event, counts),
      over: () => this.#end(undefined),
    });
  }

  #event(event: RegistryEvent, counts: boolean): void {
    if (this.#over) return;
    const waiting = this.#waiting.shift();
    if (waiting !== undefined) return waiting.resolve({ done: false, value: event });
    if (counts && !this.#backlog.add()) {
      return this.#end(new WatcherTooSlowError(this.#backlog.limit));
    }
    this.#queue.push({ event, counts });
  }

  #end(error: Error | undefined): void {
    if (this.#over) return;
    this.#over = true;
    this.#error = error;
    this.#queue = [];
    this.#watch?.[Symbol.dispose]();
    for (const { resolve } of this.#waiting) resolve(DONE);
    this.#waiting = [];
  }
}
