import type { ActorId, Clock, ExitReason, Meta, NodeId, Registry } from "../actor/mod.ts";
import {
  AlreadyRegisteredError,
  AskTimeoutError,
  nodeOf,
  NOPROC,
  NoProcError,
} from "../actor/mod.ts";
import type { Names, Patience } from "../actor/host.ts";
import type { Home } from "../actor/refs.ts";
import { checkMeta, checkName, checkRank } from "./border.ts";
import type { RegistryHome } from "./calls.ts";
import { RegistryCalls } from "./calls.ts";
import { GroupLists } from "./group_lists.ts";
import { Holdings } from "./holdings.ts";
import { NameCache } from "./name_cache.ts";
import { REGISTRY_NAME } from "./registry.ts";
import { Stash } from "./stash.ts";
import { registryView } from "./view.ts";
import { Watches } from "./watches.ts";
import type { JoinRecord, NameRecord, News, Owned } from "./wire.ts";

/** What the client needs of its node. */
export interface RegistryLink {
  readonly node: NodeId;
  readonly clock: Clock;
  /** Sends for the node itself. */
  readonly home: RegistryHome;
  /** Tells the system that the registry runs as `id` on this node. */
  announce(id: ActorId): Promise<void>;
  /** An actor of this node has lost a name to another one. */
  lost?(record: NameRecord): void;
}

/** Milliseconds that the end of an actor waits for what it held to be freed. */
const RELEASE_TIMEOUT = 1_000;

/**
 * The registry as one node sees it. Remembers what the node's own actors hold, and tells it to the next registry when
 * one dies; waits while there is none.
 */
export class RegistryClient implements Names {
  readonly node: NodeId;
  readonly clock: Clock;
  readonly calls: RegistryCalls;
  readonly watches: Watches;
  readonly groups: GroupLists;
  readonly #link: RegistryLink;
  readonly #stash: Stash;
  readonly #holdings = new Holdings();
  readonly #cache = new NameCache();
  #lastMark = 0;
  #greeting: Promise<void> = Promise.resolve();
  #lives: (id: ActorId) => boolean = () => true;

  constructor(link: RegistryLink) {
    this.#link = link;
    this.node = link.node;
    this.clock = link.clock;
    // The link's home may come to be only after this.
    const home: RegistryHome = {
      ask: (...args) => link.home.ask(...args),
      tell: (...args) => link.home.tell(...args),
    };
    this.calls = new RegistryCalls(link.clock, home);
    this.watches = new Watches(link.node, link.clock, this.calls);
    this.groups = new GroupLists(link.clock, this.watches);
    this.#stash = new Stash(link.clock, this.calls, this.watches);
  }

  /** How to tell whether an actor of this node lives. */
  attach(lives: (id: ActorId) => boolean): void {
    this.#lives = lives;
  }

  // ------------------------------------------------------------ told by the kernel

  /** A registry runs as `id`: tells it what is held here, and watches again. Settles when the registry has it. */
  registryIs(id: ActorId): Promise<void> {
    if (this.calls.registry === id) return this.#greeting;
    this.#cache.clear();
    this.#greeting = this.calls.found(id, () => this.#reclaim(id));
    this.watches.resubscribe();
    return this.#greeting;
  }

  async #reclaim(id: ActorId): Promise<void> {
    const args: [NodeId, ReturnType<Holdings["all"]>] = [this.node, this.#holdings.all()];
    try {
      const lost = await this.calls.ask(id, "reclaim", args);
      if (this.calls.registry !== id) return;
      for (const record of lost) {
        this.#holdings.dropName(record.name, record.id);
        this.#link.lost?.(record);
      }
    } catch (error) {
      // A request that timed out was withdrawn; a tell stays.
      if (error instanceof AskTimeoutError && this.calls.registry === id) {
        this.calls.tell("reclaim", [this.node, this.#holdings.all()]);
      }
    }
  }

  /** All actors of `node` ended, the registry with them if it was there. */
  nodeDown(node: NodeId, reason: ExitReason): void {
    this.#cache.dropNode(node);
    this.calls.lost(node);
    const { registry } = this.calls;
    // The system asks the registry to free the names, but only for so long.
    if (registry !== undefined && nodeOf(registry) === this.node) {
      this.calls.tell("nodeDown", [node, reason]);
    }
  }

  /** The cached `name` may stand for somebody else now. */
  changed(name: string): void {
    this.#cache.changed(name);
  }

  /** `record` has the highest rank that its name ever had. */
  overtaken(record: NameRecord): void {
    this.#holdings.overtake(record);
  }

  news(news: News<Owned>): void {
    this.watches.news(news);
  }

  // ------------------------------------------------------------ names of actors that live here

  async claim(name: string, id: ActorId, meta: Meta): Promise<void> {
    checkName(name);
    checkMeta(meta);
    if (name === REGISTRY_NAME) return await this.#announce(id);
    const record: NameRecord = { name, id, meta, rank: 0, mark: ++this.#lastMark };
    const standing = await this.#hold("claim", record, (answer) => this.#holdings.addName(answer));
    if (standing.id !== id) throw new AlreadyRegisteredError(name, standing.id);
  }

  #announce(id: ActorId): Promise<void> {
    const { registry } = this.calls;
    if (registry !== undefined) throw new AlreadyRegisteredError(REGISTRY_NAME, registry);
    return this.#link.announce(id);
  }

  /** Gives the record of the highest rank that the name ever had. */
  async raise(name: string, id: ActorId, rank: number, meta: Meta): Promise<NameRecord> {
    checkName(name);
    checkMeta(meta);
    checkRank(rank);
    const record: NameRecord = { name, id, meta, rank, mark: ++this.#lastMark };
    return await this.#hold("raise", record, (answer) => {
      if (answer.mark === record.mark) this.#holdings.addName(answer);
    });
  }

  /** Gives whether it was removed. */
  async unregister(name: string, id: ActorId): Promise<boolean> {
    checkName(name);
    const held = this.#holdings.hasName(name, id);
    this.#holdings.dropName(name, id);
    const { registry } = this.calls;
    const removed = await this.calls.call("unregister", [name, id]);
    // A later registry was never told of the name: that it does not have it is what was asked for.
    return removed || (held && this.calls.registry !== registry);
  }

  // ------------------------------------------------------------ groups of actors that live here

  async join(group: string, id: ActorId): Promise<JoinRecord> {
    checkName(group, "group");
    const record: JoinRecord = { group, id, mark: ++this.#lastMark, order: 0 };
    return await this.#hold("join", record, (answer) => this.#holdings.addJoin(answer));
  }

  /** Gives whether it was a member. */
  async leave(record: JoinRecord): Promise<boolean> {
    const held = this.#holdings.dropJoin(record);
    if (!held) return false;
    try {
      await this.calls.call("leave", [record]);
    } catch (error) {
      // A request that timed out was withdrawn; a tell stays.
      this.calls.tell("leave", [record]);
      throw error;
    }
    return true;
  }

  /** Claims something for an actor of this node that lives, and keeps it in mind if it is the actor's now. */
  async #hold<M extends "claim" | "raise" | "join", T extends NameRecord | JoinRecord>(
    method: M,
    record: T,
    keep: (answer: T) => void,
  ): Promise<T> {
    const { id } = record;
    const obstacle = (): Error | undefined =>
      this.#lives(id) ? undefined : new NoProcError(id, method, NOPROC, "no");
    const gone = obstacle();
    if (gone !== undefined) throw gone;
    // From here on its end frees what the registry may have for it, whether or not the answer is here by then.
    this.#holdings.touch(id);
    try {
      const standing = await this.calls.call(method, [record] as never, {
        obstacle,
        take: (answer) => {
          const held = answer as T | undefined;
          if (held !== undefined && held.id === id && this.#lives(id)) keep(held);
        },
      });
      const end = obstacle() ??
        (standing === undefined && new NoProcError(id, method, NOPROC, "no"));
      if (end) throw end;
      return standing as T;
    } catch (error) {
      if (error instanceof AskTimeoutError) this.#takeBack(method, record);
      throw error;
    }
  }

  /** Nobody knows whether the claim got through: it shall not have. */
  #takeBack(method: string, record: NameRecord | JoinRecord): void {
    if ("group" in record) return this.calls.tell("leave", [record]);
    if (method === "raise" || this.#holdings.hasName(record.name, record.id)) return;
    this.calls.tell("unregister", [record.name, record.id]);
  }

  // ------------------------------------------------------------ Names

  holds(id: ActorId): boolean {
    return this.#holdings.has(id);
  }

  async release(id: ActorId): Promise<void> {
    this.#holdings.release(id);
    const { registry } = this.calls;
    if (registry === undefined) return;
    await this.calls.ask(registry, "release", [id], RELEASE_TIMEOUT).catch((error) => {
      // A request that timed out was withdrawn; a tell stays.
      if (error instanceof AskTimeoutError) this.calls.tell("release", [id]);
    });
  }

  async resolve(
    name: string,
    stale?: ActorId,
    patience?: Patience,
    life?: AbortSignal,
  ): Promise<ActorId | undefined> {
    checkName(name);
    if (name === REGISTRY_NAME) return this.calls.registry;
    if (stale !== undefined) this.#cache.drop(name, stale);
    if (patience === undefined) return await this.#lookUp(name);
    if (this.#stash.has(name)) return await this.#stash.wait(name, stale, patience, life);
    const found = await this.#lookUp(name);
    if (found !== undefined && found !== stale) return found;
    if (!await this.#stash.expected(name)) return found;
    return await this.#stash.wait(name, stale, patience, life);
  }

  async #lookUp(name: string): Promise<ActorId | undefined> {
    const cached = this.#cache.get(name);
    if (cached !== undefined) return cached;
    const lookup = this.#cache.begin(name);
    let found: ActorId | undefined;
    try {
      await this.calls.call("lookup", [name, this.node], {
        take: (record) => {
          found = record?.id;
          this.#cache.end(lookup, found);
        },
      });
    } catch (error) {
      this.#cache.end(lookup, undefined);
      throw error;
    }
    return found;
  }

  view(home: Home): Registry {
    return registryView(this, home);
  }
}
