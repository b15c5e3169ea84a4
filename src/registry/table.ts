import type { ActorId, ExitReason, NameQuery, NodeId } from "../actor/mod.ts";
import { nodeOf } from "../actor/mod.ts";
import { isSame } from "./owned.ts";
import { matches } from "./query.ts";
import type { Change, NameRecord } from "./wire.ts";

type NameChange = Change<NameRecord>;

/** The names of a system: data and rules, no messages. Every method that changes gives the changes, in order. */
export class NameTable {
  readonly #records = new Map<string, NameRecord>();
  readonly #byOwner = new Map<ActorId, Set<string>>();
  /** The record of the highest rank a name ever had, also while it is free: a stale owner cannot come back. */
  readonly #highest = new Map<string, NameRecord>();

  get size(): number {
    return this.#records.size;
  }

  get(name: string): NameRecord | undefined {
    return this.#records.get(name);
  }

  /** The record of the highest rank that `name` ever had; its owner may be gone. */
  highest(name: string): NameRecord | undefined {
    return this.#highest.get(name);
  }

  /** Sorted by name in code-unit order. */
  list(query: NameQuery = {}): NameRecord[] {
    if (query.name !== undefined) {
      const record = this.#records.get(query.name);
      return record !== undefined && matches(query, record) ? [record] : [];
    }
    return [...this.#records.values()].filter((record) => matches(query, record))
      .sort((a, b) => a.name < b.name ? -1 : 1);
  }

  /** Insert if absent. The same owner may claim again; that changes nothing. */
  claim(record: NameRecord): NameChange[] {
    if (this.#records.has(record.name)) return [];
    return [this.#put(record)];
  }

  /**
   * Sets the name if its rank was always below (reference `election.md` §1.5: `current` only moves to a larger epoch), or
   * if it is the very claim of the highest rank, which a lost answer made come again.
   */
  raise(record: NameRecord): NameChange[] {
    const highest = this.#highest.get(record.name);
    if (highest !== undefined && record.rank <= highest.rank && !isSame(record, highest)) return [];
    const before = this.#records.get(record.name);
    if (before !== undefined && isSame(before, record)) return [];
    this.#highest.set(record.name, record);
    const changes = before === undefined ? [] : [this.#take(before, "explicit")];
    return [...changes, this.#put(record)];
  }

  /** A name that was held under another registry. */
  restore(record: NameRecord): NameChange[] {
    return record.rank > 0 ? this.raise(record) : this.claim(record);
  }

  /** `record` had the highest rank of its name under another registry: what was overtaken by it goes. */
  overtake(record: NameRecord): NameChange[] {
    const highest = this.#highest.get(record.name);
    if (highest !== undefined && highest.rank >= record.rank) return [];
    this.#highest.set(record.name, record);
    const before = this.#records.get(record.name);
    const overtaken = before !== undefined && before.rank > 0 && before.rank < record.rank;
    return overtaken ? [this.#take(before, "explicit")] : [];
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
    const names = this.#byOwner.get(record.id);
    if (names === undefined) this.#byOwner.set(record.id, new Set([record.name]));
    else names.add(record.name);
    return { type: "added", item: record };
  }

  #take(record: NameRecord, reason: ExitReason | "explicit"): NameChange {
    this.#records.delete(record.name);
    const names = this.#byOwner.get(record.id);
    names?.delete(record.name);
    if (names?.size === 0) this.#byOwner.delete(record.id);
    return { type: "removed", item: record, reason };
  }
}
