import type { Clock } from "./clock.ts";
import { Deadlines } from "./deadlines.ts";
import type { Delivered } from "./errors.ts";
import { AskAbortedError, AskTimeoutError, NoProcError } from "./errors.ts";
import type { ExitReason } from "./exit_reason.ts";
import type { ActorId, NodeId } from "./ids.ts";
import { nodeOf } from "./ids.ts";
import type { Home } from "./refs.ts";

/** An ask that waits for its reply. */
export interface OpenAsk {
  readonly to: ActorId;
  readonly method: string;
  readonly timeout: number;
  /** Whose refs the answer will hold. */
  readonly home: Home;
  /** The asking actor; undefined from outside. */
  readonly by: ActorId | undefined;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
  /** Undoes what was set up for this ask alone. */
  cleanUp: (() => void) | undefined;
}

/**
 * The asks of one node that have no reply yet. Each settles exactly once: by its reply, its timeout, its signal,
 * the end of its target's node, the end of the asker, or the end of this node.
 */
export class Asks {
  readonly #open = new Map<number, OpenAsk>();
  readonly #deadlines: Deadlines;
  /** Settled without a reply, lately: a reply that still comes is late, not stray. */
  readonly #gaveUp = new Map<number, { readonly ask: OpenAsk; readonly at: number }>();
  readonly #clock: Clock;
  readonly #cancel: (id: number, ask: OpenAsk) => Delivered;
  #last = 0;

  /** @param cancel tells the target that the caller gave up, and here whether the target may have seen the request */
  constructor(clock: Clock, cancel: (id: number, ask: OpenAsk) => Delivered) {
    this.#clock = clock;
    this.#cancel = cancel;
    this.#deadlines = new Deadlines(
      clock,
      (id) => this.#open.has(id),
      // A reply that is here already when the timer fires wins (OTP's gen: receive after 0).
      (id) => void clock.setTimeout(() => this.#expire(id), 0),
    );
  }

  get size(): number {
    return this.#open.size;
  }

  /** Those that wait. */
  get waiting(): Iterable<OpenAsk> {
    return this.#open.values();
  }

  /** @param left milliseconds of its timeout that are left */
  open(ask: OpenAsk, left: number): number {
    const id = ++this.#last;
    this.#open.set(id, ask);
    if (left !== Infinity) this.#deadlines.add(id, left);
    return id;
  }

  /** Takes out the ask that a reply is for; undefined if nobody waits for it. */
  close(id: number): OpenAsk | undefined {
    const ask = this.#open.get(id);
    if (ask === undefined) return undefined;
    this.#open.delete(id);
    ask.cleanUp?.();
    return ask;
  }

  /** How many milliseconds too late the reply to `id` came, and whose; undefined if that is not known any more. */
  late(id: number): { readonly ask: OpenAsk; readonly lateBy: number } | undefined {
    const gone = this.#gaveUp.get(id);
    if (gone === undefined) return undefined;
    this.#gaveUp.delete(id);
    return { ask: gone.ask, lateBy: this.#clock.now() - gone.at };
  }

  abort(id: number, why: unknown): void {
    this.#giveUp(
      id,
      (ask, delivered) => new AskAbortedError(ask.to, ask.method, why, delivered),
    );
  }

  fail(id: number, reason: ExitReason, delivered: Delivered): void {
    const ask = this.close(id);
    ask?.reject(new NoProcError(ask.to, ask.method, reason, delivered));
  }

  /** The node is gone, and all replies with it. */
  failNode(node: NodeId, reason: ExitReason): void {
    for (const [id, ask] of this.#open) {
      if (nodeOf(ask.to) === node) this.fail(id, reason, "maybe");
    }
  }

  /** The actor `by` ended; nobody waits for its answers. */
  abandon(by: ActorId): void {
    for (const [id, ask] of this.#open) {
      if (ask.by === by) this.abort(id, new Error("the asking actor ended"));
    }
  }

  /** Settles everything; later asks are not expected. */
  abandonAll(why: Error): void {
    for (const id of [...this.#open.keys()]) this.abort(id, why);
    this.#deadlines.clear();
    this.#gaveUp.clear();
  }

  #expire(id: number): void {
    this.#giveUp(
      id,
      (ask, delivered) => new AskTimeoutError(ask.to, ask.method, ask.timeout, delivered),
    );
  }

  #giveUp(id: number, error: (ask: OpenAsk, delivered: Delivered) => Error): void {
    const ask = this.close(id);
    if (ask === undefined) return;
    this.#remember(id, ask);
    ask.reject(error(ask, this.#cancel(id, ask)));
  }

  #remember(id: number, ask: OpenAsk): void {
    this.#gaveUp.set(id, { ask, at: this.#clock.now() });
    if (this.#gaveUp.size <= 1024) return;
    for (const oldest of this.#gaveUp.keys()) {
      this.#gaveUp.delete(oldest);
      break;
    }
  }
}
