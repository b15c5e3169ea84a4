import type { Remote } from "comlink";
import type { Clock } from "./clock.ts";
import type { Sealed } from "./codec.ts";
import type { ActorId, NodeId } from "./ids.ts";
import { nodeOf } from "./ids.ts";
import type { Patience } from "./host.ts";
import type { CallOptions } from "./options.ts";
import type { Ask, Protocol, Tell } from "./protocol.ts";
import type { ActorRef, AnyRef } from "./ref.ts";
import { asComlinkRemote } from "./remote.ts";

/** Whom a ref sends for: an actor, or the world outside of actors on some node. */
export interface Home {
  readonly clock: Clock;
  /** @param spent milliseconds of the timeout that are over already */
  ask(
    to: ActorId,
    method: string,
    args: unknown[] | Sealed,
    options: CallOptions,
    spent?: number,
  ): Promise<unknown>;
  tell(to: ActorId, method: string, args: unknown[] | Sealed, options: CallOptions): void;
  /** A message will not be sent after all, see the event `deadletter`. */
  drop(to: ActorId, method: string, why: string): void;
  /** Settles when there is room for messages to `to`. */
  room(to: ActorId, options: CallOptions, spent?: number): Promise<void>;
  /**
   * The actor that has `name` now; asked anew where `stale` was the answer, and is gone. Where the name is expected to
   * come back it is waited for with `patience`.
   */
  resolve(name: string, stale?: ActorId, patience?: Patience): Promise<ActorId | undefined>;
  /** Runs `callback` in the sender's turn, where the sender is an actor. */
  post?(callback: () => void): void;
  /** Aborted when the sender ends, where it is an actor. */
  readonly signal?: AbortSignal;
}

export const NO_OPTIONS: CallOptions = Object.freeze({});

/** A ref to `id` whose messages come from `home`. */
export function makeRef<P extends Protocol>(
  home: Home,
  id: ActorId,
  name: string | undefined,
): ActorRef<P> {
  return new Ref<P>(home, id, name, NO_OPTIONS);
}

/** Methods made on first use and kept, so that `ref.ask.add` costs one lookup. */
export function methods(make: (method: string) => (...args: unknown[]) => unknown): unknown {
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

/** Whether `value` is a ref of one incarnation. */
export function isRef(value: unknown): value is AnyRef {
  return value instanceof Ref;
}
