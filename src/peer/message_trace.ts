import type { ActorContext } from "../actor/mod.ts";
import type { Message } from "../election/mod.ts";

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

/** Tells of every message of the election that a peer sends and gets: for pictures of a run, since there are many. */
export class MessageTrace {
  readonly #ctx: ActorContext;
  readonly #peer: string;
  readonly #life: string;
  #sent = 0;

  /** @param life tells this life of the peer from its others */
  constructor(ctx: ActorContext, peer: string, life: number) {
    this.#ctx = ctx;
    this.#peer = peer;
    this.#life = `${peer}.${life}`;
  }

  /** Gives the id that the message takes along. */
  sent(to: string, message: Message): string {
    const mid = `${this.#life}.${++this.#sent}`;
    const epoch = "epoch" in message ? message.epoch : undefined;
    const data = { peer: this.#peer, to, message: WORDS[message.kind], mid };
    this.#ctx.emit("message.sent", epoch === undefined ? data : { ...data, epoch });
    return mid;
  }

  received(from: string, mid: string): void {
    this.#ctx.emit("message.received", { peer: this.#peer, from, mid });
  }
}
