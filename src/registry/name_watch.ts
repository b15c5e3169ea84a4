import type { NameQuery, RegistryEvent } from "../actor/mod.ts";
import type { Home } from "../actor/refs.ts";
import { toEvent } from "./events.ts";
import type { Lifetime } from "./lifetime.ts";
import type { Watches } from "./watches.ts";
import type { NameRecord } from "./wire.ts";

/** Whom a watch of names tells. */
export interface Sink {
  /** `counts` where it is a change, not part of what there was at first. */
  event(event: RegistryEvent, counts: boolean): void;
  /** The watcher's signal or its actor has ended the watch; not called for a watch that was disposed of. */
  over?(): void;
}

/** Where a watch of names belongs. */
export interface Watcher {
  readonly watches: Watches;
  readonly home: Home;
  readonly lifetime: Lifetime;
  readonly signal: AbortSignal | undefined;
}

/** Watches names until it is disposed of, or its signal or its actor ends. */
export function watchNames(watcher: Watcher, query: NameQuery, sink: Sink): Disposable {
  const { watches, home, lifetime, signal } = watcher;
  let live = true;
  const dispose = (): void => {
    if (!live) return;
    live = false;
    lifetime.delete(end);
    signal?.removeEventListener("abort", end);
    watch?.[Symbol.dispose]();
  };
  const end = (): void => {
    if (!live) return;
    dispose();
    sink.over?.();
  };
  const ended = lifetime.over || signal?.aborted === true;
  const watch = ended ? undefined : watches.open<NameRecord>({ kind: "names", query }, {
    changed(changes, first) {
      for (const change of changes) live && sink.event(toEvent(change, home), !first);
    },
    synced: () => live && sink.event({ type: "synced" }, false),
  });
  if (ended) end();
  else {
    lifetime.add(end);
    signal?.addEventListener("abort", end, { once: true });
  }
  return { [Symbol.dispose]: dispose };
}
