import type { ActorId } from "../actor/mod.ts";
import { NOPROC } from "../actor/mod.ts";
import { identity } from "./owned.ts";
import type { Change, News, Owned } from "./wire.ts";

/** What a subscription makes of one piece of news. */
export type Taken<T extends Owned> =
  /** `first` where it is all that there was at first, not changes. */
  | { readonly kind: "changes"; readonly changes: readonly Change<T>[]; readonly first: boolean }
  /** It is old or doubled. */
  | { readonly kind: "ignored" }
  /** Something between it and the last news got lost: a new snapshot is needed. */
  | { readonly kind: "gap" };

const IGNORED = Object.freeze({ kind: "ignored" as const });
const GAP = Object.freeze({ kind: "gap" as const });

/**
 * What a watcher knows, and how news changes it: pure. Whatever is lost, doubled or late, and however often the registry is
 * replaced, the changes it gives lead from one truth to a later one.
 */
export class Subscription<T extends Owned> {
  #view = new Map<string, T>();
  #registry: ActorId | undefined;
  #seq = 0;
  #synced = false;
  #awaiting = true;

  /** What there is, as far as is known here. */
  get items(): Iterable<T> {
    return this.#view.values();
  }

  /** Whether there was a snapshot. */
  get synced(): boolean {
    return this.#synced;
  }

  /** Whether nothing but a snapshot counts. */
  get awaiting(): boolean {
    return this.#awaiting;
  }

  /** `registry` is being asked for a snapshot: nothing that another one said counts any more. */
  expect(registry: ActorId): void {
    this.#registry = registry;
    this.#awaiting = true;
  }

  take(news: News<T>): Taken<T> {
    if (news.registry !== this.#registry) return IGNORED;
    if (news.type === "snapshot") return this.#takeSnapshot(news.seq, news.items);
    if (this.#awaiting || news.seq <= this.#seq) return IGNORED;
    if (news.after !== this.#seq) {
      this.#awaiting = true;
      return GAP;
    }
    this.#seq = news.seq;
    const { item } = news;
    if (news.type === "added") this.#view.set(identity(item), item);
    else this.#view.delete(identity(item));
    const change: Change<T> = news.type === "added"
      ? { type: "added", item }
      : { type: "removed", item, reason: news.reason };
    return { kind: "changes", changes: [change], first: false };
  }

  /** The difference to what is known. */
  #takeSnapshot(seq: number, items: readonly T[]): Taken<T> {
    if (!this.#awaiting) return IGNORED;
    const before = this.#view;
    const first = !this.#synced;
    this.#view = new Map(items.map((item) => [identity(item), item]));
    this.#seq = seq;
    this.#awaiting = false;
    this.#synced = true;
    const changes: Change<T>[] = [];
    for (const [key, item] of before) {
      if (!this.#view.has(key)) changes.push({ type: "removed", item, reason: NOPROC });
    }
    for (const [key, item] of this.#view) {
      if (!before.has(key)) changes.push({ type: "added", item });
    }
    return { kind: "changes", changes, first };
  }
}
