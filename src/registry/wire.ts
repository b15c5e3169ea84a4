import type { ActorId, ExitReason, Meta, NameQuery, NodeId } from "../actor/mod.ts";

/** Something that an actor holds. `mark` tells it from all else that the actors of that node ever held. */
export interface Owned {
  readonly id: ActorId;
  readonly mark: number;
}

/** A name as it travels and as the table keeps it. */
export interface NameRecord extends Owned {
  readonly name: string;
  readonly meta: Meta;
  /** What `raise` compares; 0 for names that were registered plainly. */
  readonly rank: number;
}

/** One membership in a group: an actor that joined twice has two. */
export interface JoinRecord extends Owned {
  readonly group: string;
  /** Grows with every join of the system, also from one registry to its successor; 0 until a registry has given it. */
  readonly order: number;
}

/** One change of a table. */
export type Change<T extends Owned> =
  | { readonly type: "added"; readonly item: T }
  | {
    readonly type: "removed";
    readonly item: T;
    readonly reason: ExitReason | "explicit";
  };

/** What a watch is about. */
export type Topic =
  | { readonly kind: "names"; readonly query: NameQuery }
  | { readonly kind: "group"; readonly group: string };

/**
 * What the registry tells the node of a watcher: first what there is, then every change. `seq` numbers the changes of one
 * registry incarnation; `after` is the number of what this watcher was told before, so that it notices what got lost.
 */
export type News<T extends Owned> =
  & { readonly watch: number; readonly registry: ActorId; readonly seq: number }
  & (
    | { readonly type: "snapshot"; readonly items: readonly T[] }
    | Change<T> & { readonly after: number }
  );

/** What the living actors of one node hold, as their node knows it. */
export interface Holding {
  readonly names: readonly NameRecord[];
  readonly joins: readonly JoinRecord[];
  /** The record of the highest rank that each name ever had, as far as this node was told. */
  readonly ranks: readonly NameRecord[];
}

/** The methods of the registry actor. */
export type RegistryProtocol = {
  /** Insert if absent. Gives the record that stands afterwards; none if the owner is gone. */
  claim(record: NameRecord): NameRecord | undefined | Promise<NameRecord | undefined>;
  /** Sets the name if its rank was always below. Gives the record of the highest rank; none if the owner is gone. */
  raise(record: NameRecord): NameRecord | undefined | Promise<NameRecord | undefined>;
  /** Compare and delete: with `id`, only that owner's entry. Gives whether it did. */
  unregister(name: string, id: ActorId | undefined): boolean | Promise<boolean>;
  /** Tells `asker`, once, when the answer has changed. */
  lookup(
    name: string,
    asker: NodeId | undefined,
  ): NameRecord | undefined | Promise<NameRecord | undefined>;
  list(query: NameQuery): NameRecord[] | Promise<NameRecord[]>;
  /** Gives the membership with its order; none if the owner is gone. */
  join(record: JoinRecord): JoinRecord | undefined | Promise<JoinRecord | undefined>;
  leave(record: JoinRecord): boolean | Promise<boolean>;
  /** In order of joining. */
  members(group: string): JoinRecord[] | Promise<JoinRecord[]>;
  watch(node: NodeId, watch: number, topic: Topic): void | Promise<void>;
  unwatch(node: NodeId, watch: number): void | Promise<void>;
  /** The actor `id` ended: frees all that it holds. */
  release(id: ActorId): void;
  /** All actors of `node` ended: frees all that they hold. */
  nodeDown(node: NodeId, reason: ExitReason): void;
  /** What the living of one node held with the registry's predecessor. Gives the names that others have by now. */
  reclaim(node: NodeId, holding: Holding): NameRecord[];
  /** Every node has reclaimed: answers what waited. */
  open(): void;
};

/** The kernel methods by which the registry, the switchboard and other nodes reach the names of a node. */
export type RegistryListener = {
  /** A registry runs as `id`. Settles when it knows what is held here. */
  registryIs(id: ActorId): Promise<void>;
  registryNews(news: News<Owned>): void;
  /** Who has `name` may have changed. */
  registryChanged(name: string): void;
  /** `record` has the highest rank that its name ever had. */
  registryRank(record: NameRecord): void;
  registryClaim(name: string, id: ActorId, meta: Meta): Promise<void>;
  registryRaise(
    name: string,
    id: ActorId,
    rank: number,
    meta: Meta,
  ): Promise<NameRecord>;
  registryUnregister(name: string, id: ActorId): Promise<boolean>;
  registryJoin(group: string, id: ActorId): Promise<JoinRecord>;
  registryLeave(record: JoinRecord): Promise<boolean>;
};
