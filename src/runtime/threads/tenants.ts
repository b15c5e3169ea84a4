import type { ActorId } from "../../actor/mod.ts";

/** An actor that another thread spawned here, as its thread's owner knows it. */
export interface Tenant {
  readonly name: string | undefined;
  readonly parent: ActorId | undefined;
  /** See `SpawnOptions`. */
  readonly killUnresponsive: boolean;
}

/** The actors of one thread that were spawned from others. What they spawn themselves stays in the thread's own books. */
export class Tenants {
  readonly #living = new Map<ActorId, Tenant>();
  readonly #coming = new Set<Tenant>();
  /** Ended while somebody was coming: the news of an end may overtake that of the start. */
  readonly #left = new Set<ActorId>();

  /** `tenant` is being spawned. */
  coming(tenant: Tenant): void {
    this.#coming.add(tenant);
  }

  /** The spawn succeeded; without an `id` it did not. */
  came(tenant: Tenant, id?: ActorId): void {
    this.#coming.delete(tenant);
    if (id !== undefined && !this.#left.has(id)) this.#living.set(id, tenant);
    if (this.#coming.size === 0) this.#left.clear();
  }

  left(id: ActorId): void {
    if (!this.#living.delete(id) && this.#coming.size > 0) this.#left.add(id);
  }

  /** Whether nobody lives here, and nobody is coming. */
  get none(): boolean {
    return this.#living.size === 0 && this.#coming.size === 0;
  }

  /** Those that live. */
  get living(): ReadonlyMap<ActorId, Tenant> {
    return this.#living;
  }

  /** Whether one of them asks for the end of the thread if it hangs. */
  get killUnresponsive(): boolean {
    return [...this.#living.values(), ...this.#coming].some((tenant) => tenant.killUnresponsive);
  }
}
