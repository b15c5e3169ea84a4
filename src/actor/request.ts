import type { RequestInfo } from "./context.ts";
import type { ActorId, NodeId } from "./ids.ts";

const NO_META: Readonly<Record<string, string>> = Object.freeze({});
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
  /** The caller gave up, or the actor ended: nobody waits for a reply. */
  #cancelled: unknown;
  #isCancelled = false;
  #controller: AbortController | undefined;

  constructor(
    message: {
      readonly method: string;
      readonly args: unknown;
      readonly coded?: true;
      readonly meta?: Readonly<Record<string, string>>;
      readonly chain?: readonly ActorId[];
    },
    replyTo: NodeId | undefined,
    ask: number,
    deadline: number,
  ) {
    this.method = message.method;
    this.args = message.args;
    this.coded = message.coded === true;
    this.meta = message.meta ?? NO_META;
    this.chain = message.chain ?? NO_CHAIN;
    this.replyTo = replyTo;
    this.ask = ask;
    this.deadline = deadline;
  }

  get id(): string {
    return `${this.replyTo ?? "tell"}:${this.ask}`;
  }

  get from(): ActorId | undefined {
    return this.chain.at(-1);
  }

  get cancelled(): boolean {
    return this.#isCancelled;
  }

  /** Made on first use: most methods never look at it. */
  get signal(): AbortSignal {
    if (this.#controller === undefined) {
      this.#controller = new AbortController();
      if (this.#isCancelled) this.#controller.abort(this.#cancelled);
    }
    return this.#controller.signal;
  }

  cancel(why: unknown): void {
    if (this.#isCancelled) return;
    this.#isCancelled = true;
    this.#cancelled = why;
    this.#controller?.abort(why);
  }
}
