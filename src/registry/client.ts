import { LRUCache } from "lru-cache";
import type {
  ActorId,
  ActorRef,
  Clock,
  Entry,
  Meta,
  NameQuery,
  NameRef,
  NodeId,
  Protocol,
  Registry,
  RegistryEvent,
} from "../actor/mod.ts";
import {
  AlreadyRegisteredError,
  AskAbortedError,
  AskTimeoutError,
  DEFAULT_ASK_TIMEOUT,
  kernelId,
  nodeOf,
  NOPROC,
  NoProcError,
} from "../actor/mod.ts";
import type { Home } from "../actor/refs.ts";
import { makeNameRef, makeRef } from "../actor/refs.ts";
import type { Names } from "../actor/host.ts";
import { REGISTRY_NAME } from "./registry.ts";
import type { NameRecord, RegistryProtocol, WatchNews } from "./wire.ts";

/** What the client needs of its node. */
export interface RegistryLink {
  readonly node: NodeId;
  readonly clock: Clock;
  /** Sends for the node itself. */
  readonly home: Home;
  /** Tells the system that the registry runs as `id` on this node. */
  announce(id: ActorId): Promise<void>;
}

/** Names resolved lately that are kept, at most. */
const CACHED_NAMES = 1_024;
/** Milliseconds that the end of an actor waits for its names to be freed. */
const RELEASE_TIMEOUT = 1_000;

interface WatchState {
  readonly query: NameQuery;
  readonly tell: (news: RegistryEvent) => void;
  readonly home: Home;
  view: Map<string, NameRecord>;
  synced: boolean;
}

/**
 * The registry as one node sees it. Remembers what the node's own actors have registered, and tells it to the next
 * registry when one dies; waits while there is none.
 */
export class RegistryClient implements Names {
  readonly #link: RegistryLink;
  readonly #claims = new Map<string, NameRecord>();
  readonly #claimsOf = new Map<ActorId, Set<string>>();
  readonly #cache: LRUCache<string, ActorId> = new LRUCache<string, ActorId>({ max: CACHED_NAMES });
  readonly #watches = new Map<number, WatchState>();
  #lastWatch = 0;
  #registry: ActorId | undefined;
  #waiting: ((id: ActorId) => void)[] = [];

  constructor(link: RegistryLink) {
    this.#link = link;
  }

  // ------------------------------------------------------------ told by the kernel

  /** A registry runs as `id`: tells it what is registered here, and watches again. Settles when the registry has it. */
  async registryIs(id: ActorId): Promise<void> {
    this.#registry = id;
    this.#cache.clear();
    const waiting = this.#waiting;
    this.#waiting = [];
    await this.#askRegistry(id, "reclaim", [[...this.#claims.values()]], DEFAULT_ASK_TIMEOUT);
    for (const resolve of waiting) resolve(id);
    for (const watch of this.#watches.keys()) this.#subscribe(watch);
  }

  /** The registry's node is gone. */
  nodeDown(node: NodeId): void {
    if (this.#registry !== undefined && nodeOf(this.#registry) === node) this.#registry = undefined;
  }

  /** The cached `name` may stand for somebody else now. */
  changed(name: string): void {
    this.#cache.delete(name);
  }

  news(watch: number, news: WatchNews): void {
    const state = this.#watches.get(watch);
    if (state === undefined) return;
    if (news.type === "snapshot") return this.#snapshot(state, news.records);
    const { record } = news;
    if (news.type === "registered") state.view.set(record.name, record);
    else state.view.delete(record.name);
    const entry = toEntry(record, state.home);
    state.tell(
      news.type === "registered"
        ? { type: "registered", entry }
        : { type: "unregistered", entry, reason: news.reason },
    );
  }

  /** Tells the difference to what the watcher knows, so that a restart of the registry leaves no gap. */
  #snapshot(state: WatchState, records: readonly NameRecord[]): void {
    const before = state.view;
    state.view = new Map(records.map((record) => [record.name, record]));
    for (const record of before.values()) {
      if (state.view.get(record.name)?.id === record.id) continue;
      const entry = toEntry(record, state.home);
      state.tell({ type: "unregistered", entry, reason: NOPROC });
    }
    for (const record of records) {
      if (before.get(record.name)?.id === record.id) continue;
      state.tell({ type: "registered", entry: toEntry(record, state.home) });
    }
    if (!state.synced) state.tell({ type: "synced" });
    state.synced = true;
  }

  // ------------------------------------------------------------ Names

  async claim(name: string, id: ActorId, meta: Meta): Promise<void> {
    if (name === REGISTRY_NAME) return this.#link.announce(id);
    const record: NameRecord = { name, id, meta, rank: 0 };
    const standing = await this.#call("claim", [record]);
    if (standing.id !== id) throw new AlreadyRegisteredError(name, standing.id);
    this.#remember(record);
  }

  async raise(record: NameRecord): Promise<NameRecord | undefined> {
    const standing = await this.#call("raise", [record]);
    if (standing?.id === record.id) this.#remember(record);
    return standing;
  }

  holds(id: ActorId): boolean {
    return this.#claimsOf.has(id);
  }

  async release(id: ActorId): Promise<void> {
    for (const name of this.#claimsOf.get(id) ?? []) this.#claims.delete(name);
    this.#claimsOf.delete(id);
    const registry = this.#registry;
    if (registry === undefined) return;
    await this.#askRegistry(registry, "release", [id], RELEASE_TIMEOUT).catch(() => {});
  }

  async resolve(name: string): Promise<ActorId | undefined> {
    if (name === REGISTRY_NAME) return this.#registry;
    const cached = this.#cache.get(name);
    if (cached !== undefined) return cached;
    const record = await this.#call("lookup", [name, this.#link.node]);
    if (record !== undefined) this.#cache.set(name, record.id);
    return record?.id;
  }

  #remember(record: NameRecord): void {
    this.#claims.set(record.name, record);
    const names = this.#claimsOf.get(record.id);
    if (names === undefined) this.#claimsOf.set(record.id, new Set([record.name]));
    else names.add(record.name);
  }

  #forget(name: string, id: ActorId | undefined): void {
    const record = this.#claims.get(name);
    if (record === undefined || (id !== undefined && record.id !== id)) return;
    this.#claims.delete(name);
    const names = this.#claimsOf.get(record.id);
    names?.delete(name);
    if (names?.size === 0) this.#claimsOf.delete(record.id);
  }

  /** The names of actors that live here, for kernels of other nodes. */
  unregisterHere(name: string, id: ActorId | undefined): void {
    this.#forget(name, id);
  }

  view(home: Home): Registry {
    const ownerNode = (id: ActorId): ActorId => kernelId(nodeOf(id));
    const here = (id: ActorId): boolean => nodeOf(id) === this.#link.node;
    const post = (fn: () => void): void => home.post === undefined ? fn() : home.post(fn);
    return {
      register: async (name, ref, options = {}) => {
        const meta = options.meta ?? {};
        if (here(ref.id)) return this.claim(name, ref.id, meta);
        await this.#link.home.ask(ownerNode(ref.id), "registryClaim", [name, ref.id, meta], {});
      },
      unregister: async (name, ref) => {
        this.#forget(name, ref?.id);
        return await this.#call("unregister", [name, ref?.id]);
      },
      raise: async (name, ref, rank, options = {}) => {
        const record: NameRecord = { name, id: ref.id, meta: options.meta ?? {}, rank };
        const standing = here(ref.id)
          ? await this.raise(record)
          : await this.#link.home.ask(ownerNode(ref.id), "registryRaise", [record], {}) as
            | NameRecord
            | undefined;
        return toEntry(standing ?? record, home);
      },
      whereis: async <P extends Protocol>(name: string) => {
        const record = await this.#call("lookup", [name, this.#link.node]);
        return record && makeRef<P>(home, record.id, record.name);
      },
      lookup: async (name) => {
        const record = await this.#call("lookup", [name, this.#link.node]);
        return record && toEntry(record, home);
      },
      list: async (query = {}) => {
        const records = await this.#call("list", [query]);
        return records.map((record) => toEntry(record, home));
      },
      waitFor: <P extends Protocol>(
        name: string,
        options: { timeout?: number; signal?: AbortSignal } = {},
      ) => this.#waitFor<P>(home, name, options),
      watch: (query, on) => this.#watch(home, query, (event) => post(() => on(event))),
      via: <P extends Protocol>(name: string): NameRef<P> => makeNameRef<P>(home, name),
    };
  }

  #watch(home: Home, query: NameQuery, tell: (event: RegistryEvent) => void): Disposable {
    const watch = ++this.#lastWatch;
    let live = true;
    const state: WatchState = {
      query,
      home,
      view: new Map(),
      synced: false,
      tell: (event) => live && tell(event),
    };
    this.#watches.set(watch, state);
    if (this.#registry !== undefined) this.#subscribe(watch);
    return {
      [Symbol.dispose]: () => {
        if (!live) return;
        live = false;
        this.#watches.delete(watch);
        if (this.#registry === undefined) return;
        this.#link.home.tell(this.#registry, "unwatch", [this.#link.node, watch], {});
      },
    };
  }

  /** The registry that dies meanwhile is followed by one that {@linkcode registryIs} subscribes to. */
  #subscribe(watch: number): void {
    const state = this.#watches.get(watch);
    const registry = this.#registry;
    if (state === undefined || registry === undefined) return;
    const args = [this.#link.node, watch, state.query];
    this.#askRegistry(registry, "watch", args, Infinity).catch(() => {});
  }

  #waitFor<P extends Protocol>(
    home: Home,
    name: string,
    options: { timeout?: number; signal?: AbortSignal },
  ): Promise<ActorRef<P>> {
    const { timeout = DEFAULT_ASK_TIMEOUT, signal } = options;
    return new Promise((resolve, reject) => {
      const finish = (settle: () => void): void => {
        watch[Symbol.dispose]();
        timer?.[Symbol.dispose]();
        signal?.removeEventListener("abort", abort);
        settle();
      };
      const abort = (): void =>
        finish(() => reject(new AskAbortedError(name, "waitFor", signal?.reason, "no")));
      const timer = timeout === Infinity ? undefined : this.#link.clock.setTimeout(() => {
        finish(() => reject(new AskTimeoutError(name, "waitFor", timeout)));
      }, timeout);
      const watch = this.#watch(home, { name }, (event) => {
        if (event.type === "registered") finish(() => resolve(event.entry.ref.as<P>()));
      });
      if (signal?.aborted) abort();
      else signal?.addEventListener("abort", abort, { once: true });
    });
  }

  // ------------------------------------------------------------ the registry, alive or coming

  async #call<M extends keyof RegistryProtocol>(
    method: M,
    args: Parameters<RegistryProtocol[M]>,
  ): Promise<Awaited<ReturnType<RegistryProtocol[M]>>> {
    const deadline = this.#link.clock.now() + DEFAULT_ASK_TIMEOUT;
    for (;;) {
      const left = deadline - this.#link.clock.now();
      if (left <= 0) throw new AskTimeoutError(REGISTRY_NAME, method, DEFAULT_ASK_TIMEOUT);
      const registry = this.#registry ?? await this.#nextRegistry(method, left);
      try {
        const answer = await this.#askRegistry(registry, method, args, left);
        return answer as Awaited<ReturnType<RegistryProtocol[M]>>;
      } catch (error) {
        if (!(error instanceof NoProcError)) throw error;
        // It died with the request: its successor is asked. All methods may be repeated.
        if (this.#registry === registry) this.#registry = undefined;
      }
    }
  }

  #askRegistry(
    registry: ActorId,
    method: string,
    args: unknown[],
    timeout: number,
  ): Promise<unknown> {
    return this.#link.home.ask(registry, method, args, { timeout });
  }

  #nextRegistry(method: string, left: number): Promise<ActorId> {
    return new Promise((resolve, reject) => {
      const timer = this.#link.clock.setTimeout(() => {
        this.#waiting = this.#waiting.filter((waiter) => waiter !== found);
        reject(new AskTimeoutError(REGISTRY_NAME, method, DEFAULT_ASK_TIMEOUT));
      }, left);
      const found = (id: ActorId): void => {
        timer[Symbol.dispose]();
        resolve(id);
      };
      this.#waiting.push(found);
    });
  }
}

function toEntry(record: NameRecord, home: Home): Entry {
  return {
    name: record.name,
    ref: makeRef(home, record.id, record.name),
    meta: record.meta,
  };
}
