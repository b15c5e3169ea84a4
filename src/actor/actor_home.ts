import type { Cell } from "./cell.ts";
import type { Clock } from "./clock.ts";
import type { Sealed } from "./codec.ts";
import type { Patience } from "./host.ts";
import type { ActorId } from "./ids.ts";
import type { ActorNode } from "./node.ts";
import type { CallOptions } from "./options.ts";
import type { Home } from "./refs.ts";

/** An actor as the one that its refs send for. */
export class ActorHome implements Home {
  readonly #node: ActorNode;
  readonly #cell: Cell;

  constructor(node: ActorNode, cell: Cell) {
    this.#node = node;
    this.#cell = cell;
  }

  get clock(): Clock {
    return this.#node.host.clock;
  }

  get signal(): AbortSignal {
    return this.#cell.signal;
  }

  ask(
    to: ActorId,
    method: string,
    args: unknown[] | Sealed,
    options: CallOptions,
    spent?: number,
  ): Promise<unknown> {
    return this.#node.out.ask(this.#cell, to, method, args, options, spent);
  }

  tell(to: ActorId, method: string, args: unknown[] | Sealed, options: CallOptions): void {
    this.#node.out.tell(this.#cell, to, method, args, options);
  }

  drop(to: ActorId, method: string, why: string): void {
    this.#node.base.deadLetter(to, method, why);
  }

  room(to: ActorId, options: CallOptions, spent?: number): Promise<void> {
    return this.#node.out.room(this.#cell, to, options, spent);
  }

  resolve(name: string, stale?: ActorId, patience?: Patience): Promise<ActorId | undefined> {
    return this.#node.names.resolve(name, stale, patience, this.signal);
  }

  post(callback: () => void): void {
    this.#cell.post(callback);
  }
}
