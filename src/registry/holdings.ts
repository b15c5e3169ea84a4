import type { ActorId } from "../actor/mod.ts";
import { identity, isSame } from "./owned.ts";
import type { Holding, JoinRecord, NameRecord } from "./wire.ts";

interface Possessions {
  readonly names: Set<string>;
  readonly joins: Set<string>;
}

/** What the actors of one node hold, for the next registry to be told: data, no messages. */
export class Holdings {
  readonly #names = new Map<string, NameRecord>();
  readonly #joins = new Map<string, JoinRecord>();
  readonly #ranks = new Map<string, NameRecord>();
  /** Also of those whose claim is on its way, or failed: the registry may have it nevertheless. */
  readonly #byOwner = new Map<ActorId, Possessions>();

  /** Everything, for a registry that knows nothing. */
  all(): Holding {
    return {
      names: [...this.#names.values()],
      joins: [...this.#joins.values()],
      ranks: [...this.#ranks.values()],
    };
  }

  /** Whether the registry may hold something for `id`. */
  has(id: ActorId): boolean {
    return this.#byOwner.has(id);
  }

  /** From now on the registry may hold something for `id`. */
  touch(id: ActorId): Possessions {
    const known = this.#byOwner.get(id);
    if (known !== undefined) return known;
    const possessions: Possessions = { names: new Set(), joins: new Set() };
    this.#byOwner.set(id, possessions);
    return possessions;
  }

  addName(record: NameRecord): void {
    this.#names.set(record.name, record);
    this.touch(record.id).names.add(record.name);
  }

  /** Whether `id` has `name`. */
  hasName(name: string, id: ActorId): boolean {
    return this.#names.get(name)?.id === id;
  }

  dropName(name: string, id: ActorId): void {
    if (!this.hasName(name, id)) return;
    this.#names.delete(name);
    this.#byOwner.get(id)?.names.delete(name);
  }

  addJoin(record: JoinRecord): void {
    this.#joins.set(identity(record), record);
    this.touch(record.id).joins.add(identity(record));
  }

  /** Gives whether it was there. */
  dropJoin(record: JoinRecord): boolean {
    this.#byOwner.get(record.id)?.joins.delete(identity(record));
    return this.#joins.delete(identity(record));
  }

  /** `record` has the highest rank its name ever had: one of a lower rank that is held here has been overtaken. */
  overtake(record: NameRecord): void {
    const highest = this.#ranks.get(record.name);
    if (highest !== undefined && highest.rank > record.rank) return;
    this.#ranks.set(record.name, record);
    const held = this.#names.get(record.name);
    if (held !== undefined && !isSame(held, record)) this.dropName(held.name, held.id);
  }

  /** The actor ended. */
  release(id: ActorId): void {
    const possessions = this.#byOwner.get(id);
    if (possessions === undefined) return;
    this.#byOwner.delete(id);
    for (const name of possessions.names) this.#names.delete(name);
    for (const join of possessions.joins) this.#joins.delete(join);
  }
}
