import type { ActorContext, ActorDefinition, ActorId, NameQuery, NodeId } from "../actor/mod.ts";
import { actor, kernelId, NOPROC } from "../actor/mod.ts";
import { matches, NameTable } from "./table.ts";
import type { NameChange, RegistryListener, RegistryProtocol } from "./wire.ts";

/** The name that the registry itself is spawned under; the runtime, not a registry, keeps it. */
export const REGISTRY_NAME = "troupe.registry";

interface Watch {
  readonly node: NodeId;
  readonly watch: number;
  readonly query: NameQuery;
}

/**
 * The name server. A new incarnation answers questions and claims only once every node has told it the names of its
 * living actors (`open`), so that no name is given away twice.
 */
export const registry: ActorDefinition<void, RegistryProtocol> = actor(
  (ctx: ActorContext): RegistryProtocol => {
    const table = new NameTable();
    const watches: Watch[] = [];
    /** Nodes that have a name in their cache and want to hear once when it changes. */
    const interested = new Map<string, Set<NodeId>>();
    let open!: () => void;
    const opened = new Promise<void>((resolve) => (open = resolve));

    const listener = (node: NodeId) => ctx.refTo<RegistryListener>(kernelId(node));

    const publish = (changes: readonly NameChange[]): void => {
      for (const change of changes) {
        const { name } = change.record;
        for (const watch of watches) {
          if (matches(watch.query, name)) {
            listener(watch.node).tell.registryNews(watch.watch, change);
          }
        }
        for (const node of interested.get(name) ?? []) listener(node).tell.registryChanged(name);
        interested.delete(name);
      }
    };

    const drop = (gone: (watch: Watch) => boolean): void => {
      for (let i = watches.length - 1; i >= 0; i--) {
        if (gone(watches[i] as Watch)) watches.splice(i, 1);
      }
    };

    return {
      async claim(record) {
        await opened;
        publish(table.claim(record));
        return table.get(record.name) ?? record;
      },
      async raise(record) {
        await opened;
        publish(table.raise(record));
        return table.get(record.name);
      },
      async unregister(name, id) {
        await opened;
        const changes = table.unregister(name, id);
        publish(changes);
        return changes.length > 0;
      },
      async lookup(name, asker) {
        await opened;
        const nodes = interested.get(name);
        if (nodes === undefined) interested.set(name, new Set([asker]));
        else nodes.add(asker);
        return table.get(name);
      },
      async list(query) {
        await opened;
        return table.list(query);
      },
      async watch(node, watch, query) {
        await opened;
        drop((known) => known.node === node && known.watch === watch);
        watches.push({ node, watch, query });
        listener(node).tell.registryNews(watch, { type: "snapshot", records: table.list(query) });
      },
      unwatch(node, watch) {
        drop((known) => known.node === node && known.watch === watch);
      },
      release(id: ActorId) {
        publish(table.release(id, NOPROC));
      },
      nodeDown(node, reason) {
        drop((watch) => watch.node === node);
        for (const nodes of interested.values()) nodes.delete(node);
        publish(table.releaseNode(node, reason));
      },
      reclaim(records) {
        for (const record of records) {
          publish(record.rank > 0 ? table.raise(record) : table.claim(record));
        }
      },
      open,
    };
  },
  { interleaving: ["claim", "raise", "unregister", "lookup", "list", "watch"] },
);
