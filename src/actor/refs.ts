import type { Remote } from "comlink";
import { NoProcError } from "./errors.ts";
import type { ActorId, NodeId } from "./ids.ts";
import { nodeOf, NOWHERE } from "./ids.ts";
import type { CallOptions } from "./options.ts";
import type { Ask, Protocol, Tell } from "./protocol.ts";
import type { ActorRef, AnyRef, NameRef } from "./ref.ts";
import { asComlinkRemote } from "./remote.ts";

/** Whom a ref sends for: an actor, or the world outside of actors on some node. */
export interface Home {
  ask(to: ActorId, method: string, args: unknown[], options: CallOptions): Promise<unknown>;
  tell(to: ActorId, method: string, args: unknown[], options: CallOptions): void;
  /** Settles when there is room for messages to `to`. */
  room(to: ActorId, options: CallOptions): Promise<void>;
  /** The actor that has `name` now; asked anew where `stale` was the answer, and is gone. */
  resolve(name: string, stale?: ActorId): Promise<ActorId | undefined>;
  /** Runs `callback` in the sender's turn, where the sender is an actor. */
  post?(callback: () => void): void;
  /** Aborted when the sender ends, where it is an actor. */
  readonly signal?: AbortSignal;
}

const NO_OPTIONS: CallOptions = Object.freeze({});

/** A ref to `id` whose messages come from `home`. */
export function makeRef<P extends Protocol>(
  home: Home,
  id: ActorId,
  name: string | undefined,
): ActorRef<P> {
  return new Ref<P>(home, id, name, NO_OPTIONS);
}

/** A ref to whoever has `name` when a message is sent. */
export function makeNameRef<P extends Protocol>(home: Home, name: string): NameRef<P> {
  return new ByName<P>(home, name, NO_OPTIONS);
}

/** Methods made on first use and kept, so that `ref.ask.add` costs one lookup. */
function methods(make: (method: string) => (...args: unknown[]) => unknown): unknown {
  const made: Record<string, unknown> = Object.create(null);
  return new Proxy(made, {
    get(target, method) {
      // A ref's view must not be taken for a promise by `await`.
      if (typeof method !== "string" || method === "then") return undefined;
      return target[method] ??= make(method);
    },
  });
}

class Ref<P extends Protocol> implements ActorRef<P> {
  readonly id: ActorId;
  readonly name: string | undefined;
  readonly #home: Home;
  readonly #options: CallOptions;
  #ask: Ask<P> | undefined;
  #tell: Tell<P> | undefined;

  constructor(home: Home, id: ActorId, name: string | undefined, options: CallOptions) {
    this.#home = home;
    this.id = id;
    this.name = name;
    this.#options = options;
  }

  get node(): NodeId {
    return nodeOf(this.id);
  }

  get ask(): Ask<P> {
    return this.#ask ??= methods((method) => (...args) =>
      this.#home.ask(this.id, method, args, this.#options)
    ) as Ask<P>;
  }

  get tell(): Tell<P> {
    return this.#tell ??= methods((method) => (...args) =>
      this.#home.tell(this.id, method, args, this.#options)
    ) as Tell<P>;
  }

  ready(): Promise<void> {
    return this.#home.room(this.id, this.#options);
  }

  with(options: CallOptions): ActorRef<P> {
    return new Ref<P>(this.#home, this.id, this.name, { ...this.#options, ...options });
  }

  as<Q extends Protocol>(): ActorRef<Q> {
    return this as unknown as ActorRef<Q>;
  }

  remote(): Remote<P> {
    return asComlinkRemote<P>((method, args) =>
      this.#home.ask(this.id, method, args, this.#options)
    );
  }

  toString(): string {
    return this.name === undefined ? this.id : `${this.name} (${this.id})`;
  }
}

class ByName<P extends Protocol> implements NameRef<P> {
  readonly name: string;
  readonly #home: Home;
  readonly #options: CallOptions;
  #ask: Ask<P> | undefined;
  #tell: Tell<P> | undefined;

  constructor(home: Home, name: string, options: CallOptions) {
    this.#home = home;
    this.name = name;
    this.#options = options;
  }

  get ask(): Ask<P> {
    return this.#ask ??= methods((method) => async (...args) => {
      const id = await this.#home.resolve(this.name);
      if (id === undefined) {
        return await this.#home.ask(nobody(this.name), method, args, this.#options);
      }
      try {
        return await this.#home.ask(id, method, args, this.#options);
      } catch (error) {
        const successor = this.#mayRepeat(error)
          ? await this.#home.resolve(this.name, id).catch(() => undefined)
          : undefined;
        if (successor === undefined || successor === id) throw error;
        return await this.#home.ask(successor, method, args, this.#options);
      }
    }) as Ask<P>;
  }

  get tell(): Tell<P> {
    return this.#tell ??= methods((method) => (...args) => {
      this.#home.resolve(this.name).then(
        (id) => this.#home.tell(id ?? nobody(this.name), method, args, this.#options),
        () => this.#home.tell(nobody(this.name), method, args, this.#options),
      );
    }) as Tell<P>;
  }

  async ready(): Promise<void> {
    const id = await this.#home.resolve(this.name);
    await this.#home.room(id ?? nobody(this.name), this.#options);
  }

  /** Whether the name may have meant somebody who is gone, and nothing was done or given away yet. */
  #mayRepeat(error: unknown): boolean {
    if (!(error instanceof NoProcError) || error.delivered !== "no") return false;
    const { transfer = [], signal } = this.#options;
    return !signal?.aborted && transfer.every((buffer) => buffer.byteLength > 0);
  }

  with(options: CallOptions): NameRef<P> {
    return new ByName<P>(this.#home, this.name, { ...this.#options, ...options });
  }
}

/** The address of nobody, which says in errors and events what name was meant. */
function nobody(name: string): ActorId {
  return `${NOWHERE}/${name}` as ActorId;
}

/** Whether `value` is a ref of one incarnation. */
export function isRef(value: unknown): value is AnyRef {
  return value instanceof Ref;
}

/** Whether `value` is a ref by name. */
export function isNameRef(value: unknown): value is NameRef<Protocol> {
  return value instanceof ByName;
}
