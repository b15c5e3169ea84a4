import type { ActorId, ExitReason, Meta, NameQuery, NodeId } from "../actor/mod.ts";

/** A name as it travels and as the table keeps it. */
export interface NameRecord {
  readonly name: string;
  readonly id: ActorId;
  readonly meta: Meta;
  /** What `raise` compares; 0 for names that were registered plainly. */
  readonly rank: number;
}

/** One change of the table. */
export type NameChange =
  | { readonly type: "registered"; readonly record: NameRecord }
  | {
    readonly type: "unregistered";
    readonly record: NameRecord;
    readonly reason: ExitReason | "explicit";
  };

/** What the registry tells the node of a watcher: the records there are first, then every change. */
export type WatchNews =
  | { readonly type: "snapshot"; readonly records: readonly NameRecord[] }
  | NameChange;

/** The methods of the registry actor. */
export type RegistryProtocol = {
  /** Insert if absent. Gives the record that stands afterwards. */
  claim(record: NameRecord): Promise<NameRecord>;
  /** Sets the name if its rank was always below. Gives the record that stands afterwards; none if only its rank is remembered. */
  raise(record: NameRecord): Promise<NameRecord | undefined>;
  /** Compare and delete: with `id`, only that owner's entry. Gives whether it did. */
  unregister(name: string, id: ActorId | undefined): Promise<boolean>;
  lookup(name: string, asker: NodeId): Promise<NameRecord | undefined>;
  list(query: NameQuery): Promise<NameRecord[]>;
  watch(node: NodeId, watch: number, query: NameQuery): Promise<void>;
  unwatch(node: NodeId, watch: number): void;
  /** The actor `id` ended: frees its names. */
  release(id: ActorId): void;
  /** All actors of `node` ended: frees their names. */
  nodeDown(node: NodeId, reason: ExitReason): void;
  /** What the living of one node had registered with the registry's predecessor. */
  reclaim(records: readonly NameRecord[]): void;
  /** Every node has reclaimed: answers what waited. */
  open(): void;
};

/** The kernel methods by which the registry reaches a node. */
export type RegistryListener = {
  registryNews(watch: number, news: WatchNews): void;
  registryChanged(name: string): void;
};
