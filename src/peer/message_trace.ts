import type { ActorContext, CallOptions } from "../actor/mod.ts";
import type { Message } from "../election/mod.ts";

/** What messages of the election are called in traces. */
const WORDS: Readonly<Record<Message["kind"], string>> = {
  PREVOTE: "prevote",
  PREVOTE_R: "prevote_reply",
  VOTE: "vote",
  VOTE_R: "vote_reply",
  HB: "heartbeat",
  HB_R: "heartbeat_reply",
  RESIGN: "resign",
  CONFIG: "config",
};

/** The methods whose calls are told; others may carry the mark of the message that led to them. */
export const TRACED: readonly string[] = ["elect", "announce", "chunk"];

/** A ref that takes options, whatever it leads to. */
interface Taggable<R> {
  with(options: CallOptions): R;
}

/** Tells of every message between peers, sent and received, under an id of its own; nothing where it is off. */
export class MessageTrace {
  readonly #ctx: ActorContext;
  readonly #peer: string;
  readonly #on: boolean;
  #count = 0;

  constructor(ctx: ActorContext, peer: string, on: boolean) {
    this.#ctx = ctx;
    this.#peer = peer;
    this.#on = on;
  }

  /** `ref`, to send one message to the peer `to` with: a `message`, as the traces call it. */
  tag<R extends Taggable<R>>(
    ref: R,
    to: string,
    message: string,
    data: Readonly<Record<string, unknown>> = {},
  ): R {
    if (!this.#on) return ref;
    const mid = `${this.#peer}.${this.#ctx.self.node}.${++this.#count}`;
    this.#ctx.emit("message.sent", { peer: this.#peer, to, message, ...data, mid });
    return ref.with({ meta: { mid, sender: this.#peer } });
  }

  /** The same for a message of the election, and what led to it. */
  tagElection<R extends Taggable<R>>(
    ref: R,
    to: string,
    { kind, epoch }: Message,
    cause: string | undefined,
  ): R {
    if (!this.#on) return ref;
    return this.tag(ref, to, WORDS[kind], { epoch, ...(cause !== undefined && { cause }) });
  }

  /** The request being served has arrived; gives its id. To be called before the first `await`. */
  received(): string | undefined {
    if (!this.#on) return undefined;
    const { mid, sender: from } = this.#ctx.request?.meta ?? {};
    if (mid !== undefined) this.#ctx.emit("message.received", { peer: this.#peer, from, mid });
    return mid;
  }
}
