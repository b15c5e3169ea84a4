import type {
  ActorId,
  ActorRef,
  AnyRef,
  Membership,
  NameQuery,
  NameRef,
  Protocol,
  Registry,
} from "../actor/mod.ts";
import {
  DEFAULT_ASK_TIMEOUT,
  DEFAULT_WATCH_LIMIT,
  InvalidOptionError,
  kernelId,
  nodeOf,
  NoProcError,
} from "../actor/mod.ts";
import type { Home } from "../actor/refs.ts";
import { makeNameRef } from "../actor/name_refs.ts";
import { makeRef } from "../actor/refs.ts";
import {
  checkFunction,
  checkLimit,
  checkMeta,
  checkName,
  checkQuery,
  checkRank,
  checkRef,
  checkTimeout,
} from "./border.ts";
import { nameChanges } from "./changes.ts";
import type { RegistryClient } from "./client.ts";
import { toEntry } from "./events.ts";
import { Lifetime } from "./lifetime.ts";
import type { Watcher } from "./name_watch.ts";
import { watchNames } from "./name_watch.ts";
import { REGISTRY_NAME } from "./registry.ts";
import { expectingGroup } from "./stash.ts";
import { directSink, postingSink } from "./sinks.ts";
import { waitForName } from "./wait_for.ts";
import type { JoinRecord, RegistryListener } from "./wire.ts";

/** The registry as the actor (or outsider) that sends for `home` sees it. Checks what it is given; nothing else changes then. */
export function registryView(client: RegistryClient, home: Home): Registry {
  const { calls } = client;
  const lifetime = new Lifetime(home.signal);
  const watcher = (signal: AbortSignal | undefined): Watcher => ({
    watches: client.watches,
    home,
    lifetime,
    signal,
  });
  /** Who knows what the actors of the node hold that `id` lives on: this client, or the kernel there. */
  const keeper = (id: ActorId): RegistryListener | undefined =>
    nodeOf(id) === client.node ? undefined : kernelOf(home, id);

  const leave = async (record: JoinRecord): Promise<boolean> => {
    const kernel = keeper(record.id);
    if (kernel === undefined) return await client.leave(record);
    return await kernel.registryLeave(record).catch((error) => {
      // Whoever is gone is no member any more.
      if (error instanceof NoProcError) return false;
      throw error;
    });
  };

  const join = async (group: string, ref: AnyRef): Promise<Membership> => {
    checkName(group, "group");
    checkRef(ref);
    const kernel = keeper(ref.id);
    const record = await (kernel?.registryJoin(group, ref.id) ?? client.join(group, ref.id));
    return membership(group, ref, () => leave(record));
  };

  const remove = async (name: string, id: ActorId): Promise<boolean> => {
    const removed = await unregister(client, keeper(id), name, id);
    client.changed(name);
    return removed;
  };

  // What was done through another node is answered on another way than the news of it come: whoever did it must not meet
  // what its own node has cached.
  return {
    async register(name, ref, options = {}) {
      const { meta = {} } = options;
      checkOwnName(name);
      checkRef(ref);
      checkMeta(meta);
      const kernel = keeper(ref.id);
      await (kernel?.registryClaim(name, ref.id, meta) ?? client.claim(name, ref.id, meta));
      client.changed(name);
    },
    async unregister(name, ref) {
      checkName(name);
      if (ref !== undefined) {
        checkRef(ref);
        return await remove(name, ref.id);
      }
      for (;;) {
        const record = await calls.call("lookup", [name, undefined]);
        if (record === undefined) return false;
        if (await remove(name, record.id)) return true;
      }
    },
    async raise(name, ref, rank, options = {}) {
      const { meta = {} } = options;
      checkOwnName(name);
      checkRef(ref);
      checkRank(rank);
      checkMeta(meta);
      const kernel = keeper(ref.id);
      const highest = await (kernel?.registryRaise(name, ref.id, rank, meta) ??
        client.raise(name, ref.id, rank, meta));
      client.changed(name);
      return toEntry(highest, home);
    },
    async whereis<P extends Protocol>(name: string) {
      checkName(name);
      const record = await calls.call("lookup", [name, undefined]);
      return record && makeRef<P>(home, record.id, record.name);
    },
    async lookup(name) {
      checkName(name);
      const record = await calls.call("lookup", [name, undefined]);
      return record && toEntry(record, home);
    },
    async list(query = {}) {
      checkQuery(query);
      const records = await calls.call("list", [query]);
      return records.map((record) => toEntry(record, home));
    },
    async waitFor<P extends Protocol>(
      name: string,
      options: { timeout?: number; signal?: AbortSignal } = {},
    ): Promise<ActorRef<P>> {
      const { timeout = DEFAULT_ASK_TIMEOUT, signal } = options;
      checkName(name);
      checkTimeout(timeout);
      return await waitForName<P>(watcher(signal), client.clock, name, timeout);
    },
    watch(query, on, options = {}) {
      const { limit = DEFAULT_WATCH_LIMIT, signal, onEnd } = options;
      checkQuery(query);
      checkFunction(on, "on");
      checkLimit(limit);
      if (onEnd !== undefined) checkFunction(onEnd, "onEnd");
      const { post } = home;
      const asked: NameQuery = structuredClone(query);
      if (post === undefined) return watchNames(watcher(signal), asked, directSink(on));
      const posting = postingSink((fn) => home.post?.(fn), on, limit, () => end(), onEnd);
      const watch = watchNames(watcher(signal), asked, { ...posting.sink, over: posting.close });
      const end = (): void => {
        posting.close();
        watch[Symbol.dispose]();
      };
      return { [Symbol.dispose]: end };
    },
    changes(query = {}, options = {}) {
      const { limit = DEFAULT_WATCH_LIMIT, signal } = options;
      checkQuery(query);
      checkLimit(limit);
      return nameChanges(watcher(signal), structuredClone(query), limit);
    },
    via<P extends Protocol>(name: string): NameRef<P> {
      checkName(name);
      return makeNameRef<P>(home, name);
    },
    join,
    async expect(name, ref) {
      checkName(name);
      return await join(expectingGroup(name), ref);
    },
    async members<P extends Protocol>(group: string): Promise<ActorRef<P>[]> {
      checkName(group, "group");
      const records = await calls.call("members", [group]);
      return records.map((record) => makeRef<P>(home, record.id, undefined));
    },
    async publish(group, method, ...args) {
      checkName(group, "group");
      if (typeof method !== "string") throw new InvalidOptionError("method", method, "text");
      for (;;) {
        const members = client.groups.members(group);
        if (members === undefined) {
          await client.groups.ready(group);
          continue;
        }
        for (const member of members) home.tell(member, method, args, {});
        return members.length;
      }
    },
  };
}

function membership(group: string, ref: AnyRef, leave: () => Promise<boolean>): Membership {
  let left: Promise<boolean> | undefined;
  const once = async (): Promise<boolean> => {
    if (left !== undefined) return await left.then(() => false);
    return await (left = leave());
  };
  return {
    group,
    ref,
    leave: once,
    // Who disposes does not wait, and the leave is told to the registry whatever becomes of the answer.
    [Symbol.dispose]: () => void once().catch(() => {}),
    [Symbol.asyncDispose]: async () => void await once(),
  };
}

async function unregister(
  client: RegistryClient,
  kernel: RegistryListener | undefined,
  name: string,
  id: ActorId,
): Promise<boolean> {
  if (kernel === undefined) return await client.unregister(name, id);
  try {
    return await kernel.registryUnregister(name, id);
  } catch (error) {
    if (!(error instanceof NoProcError)) throw error;
    // The owner's thread is gone, and about to lose its names.
    return await client.calls.call("unregister", [name, id]);
  }
}

function kernelOf(home: Home, id: ActorId): RegistryListener {
  return makeRef<RegistryListener>(home, kernelId(nodeOf(id)), undefined)
    .ask as unknown as RegistryListener;
}

/** A name that others than the registry may take. */
function checkOwnName(name: unknown): asserts name is string {
  checkName(name);
  if (name !== REGISTRY_NAME) return;
  throw new InvalidOptionError("name", name, "a name that is not the registry's own");
}
