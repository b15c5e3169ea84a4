import type { ActorId, NodeId } from "../actor/mod.ts";
import { matches } from "./query.ts";
import type { Change, JoinRecord, NameRecord, News, Topic } from "./wire.ts";

type Item = NameRecord | JoinRecord;

interface Follower {
  readonly node: NodeId;
  readonly watch: number;
  readonly topic: Topic;
  /** The number of what it was told last. */
  last: number;
}

/** Numbers the changes of one registry incarnation, and tells each to those who watch for it. */
export class Feed {
  readonly #registry: ActorId;
  readonly #send: (node: NodeId, news: News<Item>) => void;
  readonly #ofNames = new Map<string, Follower>();
  readonly #ofGroups = new Map<string, Map<string, Follower>>();
  readonly #groupOf = new Map<string, string>();
  #seq = 0;

  constructor(registry: ActorId, send: (node: NodeId, news: News<Item>) => void) {
    this.#registry = registry;
    this.#send = send;
  }

  /** Watches that are open. */
  get size(): number {
    return this.#ofNames.size + this.#groupOf.size;
  }

  publish(changes: readonly Change<Item>[]): void {
    for (const change of changes) {
      this.#seq++;
      for (const follower of this.#followersOf(change.item)) {
        const after = follower.last;
        follower.last = this.#seq;
        this.#send(follower.node, {
          watch: follower.watch,
          registry: this.#registry,
          seq: this.#seq,
          after,
          ...change,
        });
      }
    }
  }

  /** Tells the watch `items`, what there is now, and every change from here on. Begins anew if the watch is known. */
  follow(node: NodeId, watch: number, topic: Topic, items: readonly Item[]): void {
    this.leave(node, watch);
    const follower: Follower = { node, watch, topic, last: this.#seq };
    const key = keyOf(node, watch);
    if (topic.kind === "names") this.#ofNames.set(key, follower);
    else {
      const { group } = topic;
      const followers = this.#ofGroups.get(group);
      if (followers === undefined) this.#ofGroups.set(group, new Map([[key, follower]]));
      else followers.set(key, follower);
      this.#groupOf.set(key, group);
    }
    this.#send(node, { watch, registry: this.#registry, seq: this.#seq, type: "snapshot", items });
  }

  leave(node: NodeId, watch: number): void {
    this.#leave(keyOf(node, watch));
  }

  /** Nobody on `node` can be told any more. */
  leaveNode(node: NodeId): void {
    const watches = [...this.#ofNames.values(), ...this.#inGroups()];
    for (const follower of watches) {
      if (follower.node === node) this.leave(node, follower.watch);
    }
  }

  #leave(key: string): void {
    this.#ofNames.delete(key);
    const group = this.#groupOf.get(key);
    if (group === undefined) return;
    this.#groupOf.delete(key);
    const followers = this.#ofGroups.get(group);
    followers?.delete(key);
    if (followers?.size === 0) this.#ofGroups.delete(group);
  }

  *#inGroups(): Iterable<Follower> {
    for (const followers of this.#ofGroups.values()) yield* followers.values();
  }

  *#followersOf(item: Item): Iterable<Follower> {
    if ("group" in item) return yield* this.#ofGroups.get(item.group)?.values() ?? [];
    for (const follower of this.#ofNames.values()) {
      if (follower.topic.kind === "names" && matches(follower.topic.query, item)) yield follower;
    }
  }
}

function keyOf(node: NodeId, watch: number): string {
  return `${node}#${watch}`;
}
