import type { ActorContext, ActorDefinition, NodeId } from "../actor/mod.ts";
import { actor, kernelId, NOPROC, toError } from "../actor/mod.ts";
import { checkName, checkQuery } from "./border.ts";
import { Departed } from "./departed.ts";
import { BadRegistryRequestError } from "./errors.ts";
import { Feed } from "./feed.ts";
import { Gate } from "./gate.ts";
import { GroupTable } from "./group_table.ts";
import { isSame } from "./owned.ts";
import {
  checkAddress,
  checkHolding,
  checkJoin,
  checkRecord,
  checkTopic,
  checkWhole,
} from "./requests.ts";
import { NameTable } from "./table.ts";
import type { Change, NameRecord, RegistryListener, RegistryProtocol } from "./wire.ts";

/** The name that the registry itself is spawned under; the runtime, not a registry, keeps it. */
export const REGISTRY_NAME = "troupe.registry";

/**
 * The name server. A new incarnation answers questions and claims only once every node has told it what its living
 * actors hold (`open`), so that no name is given away twice. What is no request of its protocol is refused, and
 * changes nothing.
 */
export const registry: ActorDefinition<void, RegistryProtocol> = actor(
  (ctx: ActorContext): RegistryProtocol => {
    const names = new NameTable();
    const groups = new GroupTable();
    const departed = new Departed();
    const gate = new Gate();
    const nodes = new Set<NodeId>();
    /** Nodes that have a name in their cache and want to hear once when it changes. */
    const interested = new Map<string, Set<NodeId>>();

    const listener = (node: NodeId) => ctx.refTo<RegistryListener>(kernelId(node));
    const feed = new Feed(ctx.self.id, (node, news) => listener(node).tell.registryNews(news));

    const publish = (changes: readonly Change<NameRecord>[]): void => {
      feed.publish(changes);
      for (const { item: { name } } of changes) {
        for (const node of interested.get(name) ?? []) listener(node).tell.registryChanged(name);
        interested.delete(name);
      }
    };

    const raise = (record: NameRecord): void => {
      const changes = names.raise(record);
      if (changes.length === 0) return;
      // Before the answer: who learns of the rank must outlive this registry for sure.
      for (const node of nodes) listener(node).tell.registryRank(record);
      publish(changes);
    };

    const restore = (record: NameRecord): void => {
      if (departed.has(record.id)) return;
      publish(names.restore(record));
    };

    return {
      claim(record) {
        check(() => checkRecord(record));
        return gate.run(() => {
          if (departed.has(record.id)) return undefined;
          publish(names.claim(record));
          return names.get(record.name);
        });
      },
      raise(record) {
        check(() => checkRecord(record));
        return gate.run(() => {
          if (departed.has(record.id)) return undefined;
          raise(record);
          return names.highest(record.name);
        });
      },
      unregister(name, id) {
        check(() => {
          checkName(name);
          if (id !== undefined) checkAddress(id, "id");
        });
        return gate.run(() => {
          const changes = names.unregister(name, id);
          publish(changes);
          return changes.length > 0;
        });
      },
      lookup(name, asker) {
        check(() => {
          checkName(name);
          if (asker !== undefined) checkAddress(asker, "asker");
        });
        return gate.run(() => {
          const record = names.get(name);
          if (record === undefined || asker === undefined) return record;
          const others = interested.get(name);
          if (others === undefined) interested.set(name, new Set([asker]));
          else others.add(asker);
          return record;
        });
      },
      list(query) {
        check(() => checkQuery(query));
        return gate.run(() => names.list(query));
      },
      join(record) {
        check(() => checkJoin(record));
        return gate.run(() => {
          if (departed.has(record.id)) return undefined;
          feed.publish(groups.join(record));
          return groups.get(record);
        });
      },
      leave(record) {
        check(() => checkJoin(record));
        return gate.run(() => {
          const changes = groups.leave(record);
          feed.publish(changes);
          return changes.length > 0;
        });
      },
      members(group) {
        check(() => checkName(group, "group"));
        return gate.run(() => groups.members(group));
      },
      watch(node, watch, topic) {
        check(() => {
          checkAddress(node, "node");
          checkWhole(watch, "watch");
          checkTopic(topic);
        });
        return gate.run(() => {
          const items = topic.kind === "names"
            ? names.list(topic.query)
            : groups.members(topic.group);
          feed.follow(node, watch, topic, items);
        });
      },
      unwatch(node, watch) {
        check(() => {
          checkAddress(node, "node");
          checkWhole(watch, "watch");
        });
        return gate.run(() => feed.leave(node, watch));
      },
      release(id) {
        check(() => checkAddress(id, "id"));
        if (!gate.isOpen) departed.addActor(id);
        publish(names.release(id, NOPROC));
        feed.publish(groups.release(id, NOPROC));
      },
      nodeDown(node, reason) {
        check(() => checkAddress(node, "node"));
        departed.addNode(node);
        nodes.delete(node);
        feed.leaveNode(node);
        for (const [name, others] of interested) {
          if (others.delete(node) && others.size === 0) interested.delete(name);
        }
        publish(names.releaseNode(node, reason));
        feed.publish(groups.releaseNode(node, reason));
      },
      reclaim(node, holding) {
        check(() => {
          checkAddress(node, "node");
          checkHolding(holding);
        });
        nodes.add(node);
        for (const record of holding.ranks) publish(names.overtake(record));
        for (const record of holding.names) restore(record);
        for (const record of holding.joins) {
          if (!departed.has(record.id)) feed.publish(groups.restore(record));
        }
        return holding.names.filter((record) => {
          const standing = names.get(record.name);
          return standing === undefined || !isSame(standing, record);
        });
      },
      open() {
        gate.open();
        departed.forgetActors();
      },
    };
  },
  {
    interleaving: [
      "claim",
      "raise",
      "unregister",
      "lookup",
      "list",
      "join",
      "leave",
      "members",
      "watch",
      "unwatch",
    ],
  },
);

/** @throws BadRegistryRequestError, which is an answer and ends nobody */
function check(look: () => void): void {
  try {
    look();
  } catch (thrown) {
    throw new BadRegistryRequestError(toError(thrown).message);
  }
}
