import { LRUCache } from "lru-cache";
import type { ActorId, Clock } from "../actor/mod.ts";
import { AskTimeoutError, DEFAULT_ASK_TIMEOUT } from "../actor/mod.ts";
import { inOrder } from "./group_table.ts";
import { identity } from "./owned.ts";
import { REGISTRY_NAME } from "./registry.ts";
import type { Watches } from "./watches.ts";
import type { Change, JoinRecord } from "./wire.ts";

/** Groups whose members a node keeps in mind at most; the ones it published to longest ago go first. */
const KEPT_GROUPS = 1_024;

/** The members of the groups that this node publishes to, kept by watching. */
export class GroupLists {
  readonly #clock: Clock;
  readonly #watches: Watches;
  readonly #lists: LRUCache<string, GroupList> = new LRUCache<string, GroupList>({
    max: KEPT_GROUPS,
    dispose: (list) => list[Symbol.dispose](),
  });

  constructor(clock: Clock, watches: Watches) {
    this.#clock = clock;
    this.#watches = watches;
  }

  /** In order of joining; undefined while that is not known here, which {@linkcode GroupLists.ready} awaits. */
  members(group: string): readonly ActorId[] | undefined {
    const list = this.#lists.get(group);
    return list?.synced ? list.members : undefined;
  }

  /** Settles when the members of `group` are known here. @throws AskTimeoutError after the ask timeout */
  async ready(group: string): Promise<void> {
    let list = this.#lists.get(group);
    if (list === undefined) {
      list = new GroupList(this.#watches, group);
      this.#lists.set(group, list);
    }
    await new Promise<void>((resolve, reject) => {
      const timer = this.#clock.setTimeout(() => {
        reject(new AskTimeoutError(REGISTRY_NAME, "publish", DEFAULT_ASK_TIMEOUT));
      }, DEFAULT_ASK_TIMEOUT);
      list.settled.then(() => {
        timer[Symbol.dispose]();
        resolve();
      });
    });
  }
}

class GroupList implements Disposable {
  /** Settles at the first knowledge, or when this list is given up. */
  readonly settled: Promise<void>;
  synced = false;
  readonly #joins = new Map<string, JoinRecord>();
  readonly #watch: Disposable;
  #members: readonly ActorId[] | undefined;
  #settle!: () => void;

  constructor(watches: Watches, group: string) {
    this.settled = new Promise((resolve) => (this.#settle = resolve));
    this.#watch = watches.open<JoinRecord>({ kind: "group", group }, {
      changed: (changes) => this.#apply(changes),
      synced: () => {
        this.synced = true;
        this.#settle();
      },
    });
  }

  get members(): readonly ActorId[] {
    return this.#members ??= inOrder(this.#joins.values()).map((join) => join.id);
  }

  #apply(changes: readonly Change<JoinRecord>[]): void {
    this.#members = undefined;
    for (const { type, item } of changes) {
      if (type === "added") this.#joins.set(identity(item), item);
      else this.#joins.delete(identity(item));
    }
  }

  [Symbol.dispose](): void {
    this.#watch[Symbol.dispose]();
    this.#settle();
  }
}
