import { encode, Sealed } from "./codec.ts";
import { ActorError, NoProcError } from "./errors.ts";
import type { Patience } from "./host.ts";
import type { ActorId } from "./ids.ts";
import { NOWHERE } from "./ids.ts";
import type { CallOptions } from "./options.ts";
import { DEFAULT_ASK_TIMEOUT } from "./options.ts";
import type { Ask, Protocol, Tell } from "./protocol.ts";
import type { NameRef } from "./ref.ts";
import type { Home } from "./refs.ts";
import { methods, NO_OPTIONS } from "./refs.ts";

/** Milliseconds that a look-up may take without shortening the ask that it was for. */
const LOOK_UP = 10;

/** A ref to whoever has `name` when a message is sent. */
export function makeNameRef<P extends Protocol>(home: Home, name: string): NameRef<P> {
  return new ByName<P>(home, name, NO_OPTIONS);
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
      const sealed = this.#seal(args);
      return await this.#reach(method, (id, spent) => {
        return this.#home.ask(id, method, sealed, this.#options, spent);
      });
    }) as Ask<P>;
  }

  get tell(): Tell<P> {
    return this.#tell ??= methods((method) => (...args) => {
      const sealed = this.#seal(args);
      const patience = { method, timeout: Infinity, signal: undefined };
      this.#home.resolve(this.name, undefined, patience).then(
        (id) => this.#home.tell(id ?? nobody(this.name), method, sealed, this.#options),
        (error) => this.#home.drop(nobody(this.name), method, whyOf(error)),
      );
    }) as Tell<P>;
  }

  async ready(): Promise<void> {
    await this.#reach("ready", (id, spent) => this.#home.room(id, this.#options, spent));
  }

  with(options: CallOptions): NameRef<P> {
    return new ByName<P>(this.#home, this.name, { ...this.#options, ...options });
  }

  /** Sends to whoever has the name, and once more to his successor where he turned out to be gone. */
  async #reach<T>(
    method: string,
    send: (id: ActorId, spent: number) => Promise<T>,
  ): Promise<T> {
    const { clock } = this.#home;
    const begun = clock.now();
    const spent = (): number => {
      const ms = clock.now() - begun;
      return ms > LOOK_UP ? ms : 0;
    };
    const { timeout = DEFAULT_ASK_TIMEOUT, signal } = this.#options;
    const patience: Patience = { method, timeout, signal };
    const id = await this.#home.resolve(this.name, undefined, patience);
    if (id === undefined) return await send(nobody(this.name), 0);
    try {
      return await send(id, spent());
    } catch (error) {
      if (!this.#mayRepeat(error)) throw error;
      const left = { ...patience, timeout: Math.max(1, timeout - spent()) };
      const successor = await this.#home.resolve(this.name, id, left).catch((thrown) => {
        // That nobody came in time says more than that the last one is gone.
        throw thrown instanceof ActorError && thrown.code !== "noproc" ? thrown : error;
      });
      if (successor === undefined || successor === id) throw error;
      return await send(successor, spent());
    }
  }

  /** Whether the name may have meant somebody who is gone, and nothing was done or given away yet. */
  #mayRepeat(error: unknown): boolean {
    if (!(error instanceof NoProcError) || error.delivered !== "no") return false;
    const { transfer = [], signal } = this.#options;
    return !signal?.aborted && transfer.every((buffer) => buffer.byteLength > 0);
  }

  /** What is sent is as it is now. Buffers that are to be moved are kept until it is known that there is somebody. */
  #seal(args: unknown[]): unknown[] | Sealed {
    const { transfer = [] } = this.#options;
    return transfer.length > 0 ? args : new Sealed(encode(args, "args"));
  }
}

/** The address of nobody, which says in errors and events what name was meant. */
function nobody(name: string): ActorId {
  return `${NOWHERE}/${name}` as ActorId;
}

function whyOf(error: unknown): string {
  return error instanceof ActorError ? error.code : "noproc";
}

/** Whether `value` is a ref by name. */
export function isNameRef(value: unknown): value is NameRef<Protocol> {
  return value instanceof ByName;
}
