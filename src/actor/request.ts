import type { RequestInfo } from "./context.ts";
import type { RequestEnvelope } from "./envelope.ts";
import type { ActorId, NodeId } from "./ids.ts";
import type { Source } from "./inflow.ts";

export const NO_META: Readonly<Record<string, string>> = Object.freeze({});
const NO_CHAIN: readonly ActorId[] = Object.freeze([]);

/** A message for a method, on its way through a mailbox. */
export class Request implements RequestInfo {
  readonly method: string;
  readonly args: unknown;
  readonly coded: boolean;
  readonly meta: Readonly<Record<string, string>>;
  readonly chain: readonly ActorId[];
  /** The node that sent it. */
  readonly origin: NodeId;
  /** Where the reply goes; undefined for a tell. */
  readonly replyTo: NodeId | undefined;
  /** The ask's number on `replyTo`. */
  readonly ask: number;
  readonly deadline: number;
  #cancelledAt: number | undefined;
  #why: unknown;
  #controller: AbortController | undefined;
  #chainOn: readonly ActorId[] | undefined;

  /** Credits that it takes up while it waits. */
  readonly cost: number;
  /** Where it came from, as its mailbox counts; undefined before it is in one. */
  source: Source | undefined;

  /** @param deadline when the asker gives up; Infinity for a tell */
  constructor(envelope: RequestEnvelope, origin: NodeId, deadline: number) {
    this.method = envelope.method;
    this.args = envelope.args;
    this.coded = envelope.coded;
    this.meta = envelope.meta ?? NO_META;
    this.cost = envelope.cost;
    this.origin = origin;
    this.deadline = deadline;
    const asked = envelope.kind === "ask";
    this.chain = asked ? envelope.chain ?? NO_CHAIN : NO_CHAIN;
    this.replyTo = asked ? origin : undefined;
    this.ask = asked ? envelope.id : 0;
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
