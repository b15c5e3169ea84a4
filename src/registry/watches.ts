import type { Clock, NodeId } from "../actor/mod.ts";
import { AskTimeoutError } from "../actor/mod.ts";
import type { RegistryCalls } from "./calls.ts";
import { Subscription } from "./subscription.ts";
import type { Change, News, Owned, Topic } from "./wire.ts";

/** Milliseconds before a snapshot that did not come is asked for again. */
const RETRY = 100;

/** Whom a watch tells. */
export interface Follower<T extends Owned> {
  /** `first` where `changes` are all that there was at first. */
  changed(changes: readonly Change<T>[], first: boolean): void;
  /** What there was at first has been told. */
  synced(): void;
}

interface Watch {
  readonly number: number;
  readonly topic: Topic;
  readonly subscription: Subscription<Owned>;
  readonly follower: Follower<Owned>;
  timer: Disposable | undefined;
}

/** The watches of one node: opened again at every new registry, and wherever news got lost. */
export class Watches {
  readonly #node: NodeId;
  readonly #clock: Clock;
  readonly #calls: RegistryCalls;
  readonly #open = new Map<number, Watch>();
  #last = 0;

  constructor(node: NodeId, clock: Clock, calls: RegistryCalls) {
    this.#node = node;
    this.#clock = clock;
    this.#calls = calls;
  }

  /** Watches that are open. */
  get size(): number {
    return this.#open.size;
  }

  open<T extends Owned>(topic: Topic, follower: Follower<T>): Disposable {
    const watch: Watch = {
      number: ++this.#last,
      topic,
      subscription: new Subscription<Owned>(),
      // The topic says of what type the news will be.
      follower: follower as unknown as Follower<Owned>,
      timer: undefined,
    };
    this.#open.set(watch.number, watch);
    this.#subscribe(watch);
    return { [Symbol.dispose]: () => this.#close(watch) };
  }

  #close(watch: Watch): void {
    if (!this.#open.delete(watch.number)) return;
    watch.timer?.[Symbol.dispose]();
    this.#calls.tell("unwatch", [this.#node, watch.number]);
  }

  /** There is a new registry. */
  resubscribe(): void {
    for (const watch of this.#open.values()) this.#subscribe(watch);
  }

  news(news: News<Owned>): void {
    const watch = this.#open.get(news.watch);
    if (watch === undefined) return this.#calls.tell("unwatch", [this.#node, news.watch]);
    const { subscription, follower } = watch;
    const wasSynced = subscription.synced;
    const taken = subscription.take(news);
    if (taken.kind === "gap") return this.#subscribe(watch);
    if (taken.kind === "ignored") return;
    follower.changed(taken.changes, taken.first);
    if (!wasSynced) follower.synced();
  }

  #subscribe(watch: Watch): void {
    const { registry } = this.#calls;
    // Where there is none, the next one is followed as soon as it comes.
    if (registry === undefined) return;
    watch.timer?.[Symbol.dispose]();
    watch.timer = undefined;
    watch.subscription.expect(registry);
    const current = (): boolean =>
      this.#calls.registry === registry && this.#open.has(watch.number) &&
      watch.subscription.awaiting;
    this.#calls.ask(registry, "watch", [this.#node, watch.number, watch.topic]).then(
      // The snapshot was sent before the answer.
      () => current() && this.#later(watch),
      (error) => current() && error instanceof AskTimeoutError && this.#later(watch),
    );
  }

  #later(watch: Watch): void {
    watch.timer?.[Symbol.dispose]();
    watch.timer = this.#clock.setTimeout(() => this.#subscribe(watch), RETRY);
  }
}
