import { LRUCache } from "lru-cache";
import type { ActorId, NodeId } from "../actor/mod.ts";
import { nodeOf } from "../actor/mod.ts";

/** Names resolved lately that are kept, at most. */
const CACHED_NAMES = 1_024;

/** A look-up on its way; its answer is not kept if the name changed meanwhile. */
export interface Lookup {
  readonly name: string;
  outdated: boolean;
}

/**
 * Who had a name when the registry was asked last. Whoever it answers tells the registry at the same time to be told of
 * the next change, so an entry is right until {@linkcode NameCache.changed} or the registry's end.
 */
export class NameCache {
  readonly #ids: LRUCache<string, ActorId> = new LRUCache<string, ActorId>({ max: CACHED_NAMES });
  readonly #lookups = new Map<string, Set<Lookup>>();

  get(name: string): ActorId | undefined {
    return this.#ids.get(name);
  }

  /** The registry is being asked for `name`. */
  begin(name: string): Lookup {
    const lookup: Lookup = { name, outdated: false };
    const others = this.#lookups.get(name);
    if (others === undefined) this.#lookups.set(name, new Set([lookup]));
    else others.add(lookup);
    return lookup;
  }

  /** The registry has answered; `id` is kept unless it is outdated already. */
  end(lookup: Lookup, id: ActorId | undefined): void {
    const lookups = this.#lookups.get(lookup.name);
    lookups?.delete(lookup);
    if (lookups?.size === 0) this.#lookups.delete(lookup.name);
    if (id !== undefined && !lookup.outdated) this.#ids.set(lookup.name, id);
  }

  /** Somebody else, or nobody, may have `name` now. */
  changed(name: string): void {
    this.#ids.delete(name);
    // The answer may be in, but not taken yet: what comes in one turn is handled before what awaits it goes on.
    for (const lookup of this.#lookups.get(name) ?? []) lookup.outdated = true;
  }

  /** `name` turned out not to be `id` any more. */
  drop(name: string, id: ActorId): void {
    if (this.#ids.peek(name) === id) this.#ids.delete(name);
  }

  /** All actors of `node` ended. */
  dropNode(node: NodeId): void {
    for (const [name, id] of [...this.#ids.entries()]) {
      if (nodeOf(id) === node) this.#ids.delete(name);
    }
  }

  /** Nobody tells of changes any more. */
  clear(): void {
    this.#ids.clear();
    for (const lookups of this.#lookups.values()) {
      for (const lookup of lookups) lookup.outdated = true;
    }
  }
}
