import type { RequestInfo } from "./context.ts";
import type { ActorId, NodeId } from "./ids.ts";

export const NO_META: Readonly<Record<string, string>> = Object.freeze({});
const NO_CHAIN: readonly ActorId[] = Object.freeze([]);

/** A message for a method, on its way through a mailbox. */
export class Request implements RequestInfo {
  readonly method: string;
  readonly args: unknown;
  readonly coded: boolean;
  readonly meta: Readonly<Record<string, string>>;
  readonly chain: readonly ActorId[];
  /** Where the reply goes; undefined for a tell. */
  readonly replyTo: NodeId | undefined;
  /** The ask's number on `replyTo`. */
  readonly ask: number;
  readonly deadline: number;
  #cancelledAt: number | undefined;
  #why: unknown;
  #controller: AbortController | undefined;
  #chainOn: readonly ActorId[] | undefined;

  constructor(
    message: {
      readonly method: string;
      readonly args: unknown;
      readonly coded: boolean;
      readonly meta: Readonly<Record<string, string>> | undefined;
      readonly chain?: readonly ActorId[] | undefined;
    },
    replyTo: NodeId | undefined,
    ask: number,
    deadline: number,
  ) {
    this.method = message.method;
    this.args = message.args;
    this.coded = message.coded;
    this.meta = message.meta ?? NO_META;
    this.chain = message.chain ?? NO_CHAIN;
    this.replyTo = replyTo;
    this.ask = ask;
    this.deadline = deadline;
  }

  /** This chain with `id` at its end: one list for all that `id` asks meanwhile, which travels as one too. */
  chainTo(id: ActorId): readonly ActorId[] {
    return this.#chainOn ??= [...this.chain, id];
  }

  get id(): string {
    return `${this.replyTo ?? "tell"}:${this.ask}`;
  }

  get from(): ActorId | undefined {
    return this.chain.at(-1);
  }

  /** When the caller gave up, on the actor's clock; undefined while it waits. */
  get cancelledAt(): number | undefined {
    return this.#cancelledAt;
  }

  /** Made on first use: most methods never look at it. */
  get signal(): AbortSignal {
    if (this.#controller === undefined) {
      this.#controller = new AbortController();
      if (this.#cancelledAt !== undefined) this.#controller.abort(this.#why);
    }
    return this.#controller.signal;
  }

  /** The caller gave up, or the actor ended: nobody waits for a reply. */
  cancel(why: unknown, now: number): void {
    if (this.#cancelledAt !== undefined) return;
    this.#cancelledAt = now;
    this.#why = why;
    this.#controller?.abort(why);
  }
}
