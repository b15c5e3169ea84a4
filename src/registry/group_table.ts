import type { ActorId, ExitReason, NodeId } from "../actor/mod.ts";
import { nodeOf } from "../actor/mod.ts";
import { identity } from "./owned.ts";
import type { Change, JoinRecord } from "./wire.ts";

type JoinChange = Change<JoinRecord>;

/**
 * Who belongs to which group (OTP's `pg`): data and rules, no messages. An actor is a member once for each time it joined.
 * Every method that changes gives the changes, in order.
 */
export class GroupTable {
  readonly #groups = new Map<string, Map<string, JoinRecord>>();
  readonly #byOwner = new Map<ActorId, Map<string, JoinRecord>>();
  #lastOrder = 0;

  /** The groups that have members. */
  get size(): number {
    return this.#groups.size;
  }

  get(record: JoinRecord): JoinRecord | undefined {
    return this.#groups.get(record.group)?.get(identity(record));
  }

  /** In order of joining. */
  members(group: string): JoinRecord[] {
    return inOrder(this.#groups.get(group)?.values() ?? []);
  }

  /** Adds a membership behind all others. The very same one may come again; that changes nothing. */
  join(record: JoinRecord): JoinChange[] {
    if (this.get(record) !== undefined) return [];
    return [this.#put({ ...record, order: this.#lastOrder + 1 })];
  }

  /** A membership that was there under another registry; it keeps its place. */
  restore(record: JoinRecord): JoinChange[] {
    return this.get(record) === undefined ? [this.#put(record)] : [];
  }

  leave(record: JoinRecord): JoinChange[] {
    const standing = this.get(record);
    return standing === undefined ? [] : [this.#take(standing, "explicit")];
  }

  release(id: ActorId, reason: ExitReason): JoinChange[] {
    const joins = [...this.#byOwner.get(id)?.values() ?? []];
    return joins.map((record) => this.#take(record, reason));
  }

  releaseNode(node: NodeId, reason: ExitReason): JoinChange[] {
    const owners = [...this.#byOwner.keys()].filter((id) => nodeOf(id) === node);
    return owners.flatMap((id) => this.release(id, reason));
  }

  #put(record: JoinRecord): JoinChange {
    this.#lastOrder = Math.max(this.#lastOrder, record.order);
    const key = identity(record);
    added(this.#groups, record.group, key, record);
    added(this.#byOwner, record.id, key, record);
    return { type: "added", item: record };
  }

  #take(record: JoinRecord, reason: ExitReason | "explicit"): JoinChange {
    const key = identity(record);
    removed(this.#groups, record.group, key);
    removed(this.#byOwner, record.id, key);
    return { type: "removed", item: record, reason };
  }
}

/** Sorted by order of joining. */
export function inOrder(records: Iterable<JoinRecord>): JoinRecord[] {
  return [...records].sort((a, b) => a.order - b.order || (identity(a) < identity(b) ? -1 : 1));
}

function added<K>(
  index: Map<K, Map<string, JoinRecord>>,
  of: K,
  key: string,
  record: JoinRecord,
): void {
  const inner = index.get(of);
  if (inner === undefined) index.set(of, new Map([[key, record]]));
  else inner.set(key, record);
}

function removed<K>(index: Map<K, Map<string, JoinRecord>>, of: K, key: string): void {
  const inner = index.get(of);
  inner?.delete(key);
  if (inner?.size === 0) index.delete(of);
}
