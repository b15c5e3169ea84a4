import type { ActorId, ExitReason, NameQuery, NodeId } from "../actor/mod.ts";
import { nodeOf } from "../actor/mod.ts";
import type { NameChange, NameRecord } from "./wire.ts";

/** The names of a system: data and rules, no messages. Every method that changes gives the changes, in order. */
export class NameTable {
  readonly #records = new Map<string, NameRecord>();
  readonly #byOwner = new Map<ActorId, Set<string>>();
  /** The highest rank a name ever had, also while it is free: a stale owner cannot come back. */
  readonly #ranks = new Map<string, number>();

  get size(): number {
    return this.#records.size;
  }

  get(name: string): NameRecord | undefined {
    return this.#records.get(name);
  }

  /** Sorted by name in code-unit order. */
  list(query: NameQuery = {}): NameRecord[] {
    return [...this.#records.values()].filter((record) => matches(query, record.name))
      .sort((a, b) => a.name < b.name ? -1 : 1);
  }

  /** Insert if absent. The same owner may claim again; that changes nothing. */
  claim(record: NameRecord): NameChange[] {
    if (this.#records.has(record.name)) return [];
    return [this.#put(record)];
  }

  /** Sets the name if its rank was always below (reference `election.md` §1.5: `current` only moves to a larger epoch). */
  raise(record: NameRecord): NameChange[] {
    if (record.rank <= (this.#ranks.get(record.name) ?? 0)) return [];
    const before = this.#records.get(record.name);
    const changes: NameChange[] = [];
    if (before !== undefined) changes.push(this.#take(before, "explicit"));
    return [...changes, this.#put(record)];
  }

  /** Compare and delete: with `id`, only that owner's entry. */
  unregister(name: string, id: ActorId | undefined): NameChange[] {
    const record = this.#records.get(name);
    if (record === undefined || (id !== undefined && record.id !== id)) return [];
    return [this.#take(record, "explicit")];
  }

  release(id: ActorId, reason: ExitReason): NameChange[] {
    const names = [...this.#byOwner.get(id) ?? []];
    return names.map((name) => this.#take(this.#records.get(name) as NameRecord, reason));
  }

  releaseNode(node: NodeId, reason: ExitReason): NameChange[] {
    const owners = [...this.#byOwner.keys()].filter((id) => nodeOf(id) === node);
    return owners.flatMap((id) => this.release(id, reason));
  }

  #put(record: NameRecord): NameChange {
    this.#records.set(record.name, record);
    if (record.rank > 0) this.#ranks.set(record.name, record.rank);
    const names = this.#byOwner.get(record.id);
    if (names === undefined) this.#byOwner.set(record.id, new Set([record.name]));
    else names.add(record.name);
    return { type: "registered", record };
  }

  #take(record: NameRecord, reason: ExitReason | "explicit"): NameChange {
    this.#records.delete(record.name);
    const names = this.#byOwner.get(record.id);
    names?.delete(record.name);
    if (names?.size === 0) this.#byOwner.delete(record.id);
    return { type: "unregistered", record, reason };
  }
}

/** Whether `name` is what `query` is about. */
export function matches(query: NameQuery, name: string): boolean {
  if (query.name !== undefined && name !== query.name) return false;
  return query.prefix === undefined || name.startsWith(query.prefix);
}
