import type { OpenAsk } from "./asks.ts";
import { Asks } from "./asks.ts";
import type { Cell } from "./cell.ts";
import type { Encoded } from "./codec.ts";
import { encode, Sealed } from "./codec.ts";
import { costOf } from "./credit.ts";
import type { Envelope, ReplyEnvelope, RequestEnvelope } from "./envelope.ts";
import {
  AskAbortedError,
  AskTimeoutError,
  CallingSelfError,
  DeadlockError,
  InvalidOptionError,
  NoProcError,
  NotCloneableError,
} from "./errors.ts";
import { NOPROC } from "./exit_reason.ts";
import type { ActorId, NodeId } from "./ids.ts";
import { nameOf, nodeOf } from "./ids.ts";
import type { NodeBase } from "./node_base.ts";
import type { CallOptions } from "./options.ts";
import { DEFAULT_ASK_TIMEOUT } from "./options.ts";
import { Outflow } from "./outflow.ts";
import type { Request } from "./request.ts";
import { NO_META } from "./request.ts";

/** What a method gave: a value that is encoded already, or an error. */
type Outcome =
  | { readonly encoded: Encoded }
  | { readonly error: Error };

/** Asks, tells and replies of a node's actors (and of those outside of actors), on their way out. */
export class MessagesOut {
  readonly asks: Asks;
  /** What waits for room at its target. */
  readonly outflow: Outflow;
  readonly #base: NodeBase;

  constructor(base: NodeBase) {
    const { clock } = base.host;
    this.#base = base;
    this.asks = new Asks(clock, (askId, { to }) => {
      if (this.outflow.withdraw(to, askId)) return "no";
      base.post(nodeOf(to), { kind: "cancel", to, id: askId });
      return "maybe";
    });
    this.outflow = new Outflow(clock, {
      post: (to, envelope, transfer) => base.post(to, envelope, transfer),
      ready: (askId) => this.asks.close(askId)?.resolve(undefined),
      overrun: (to, method, count) => base.deadLetter(to, method, "overrun", count),
    });
  }

  /** @param spent milliseconds of the timeout that are over already */
  ask(
    by: Cell | undefined,
    to: ActorId,
    method: string,
    args: unknown[] | Sealed,
    options: CallOptions,
    spent: number = 0,
  ): Promise<unknown> {
    const { transfer } = options;
    const refused = this.#refusal(by, to, method, options, spent) ?? circle(by, to, method);
    if (refused !== undefined) return Promise.reject(refused);
    const chain = by?.chain;
    let encoded: Encoded;
    try {
      encoded = args instanceof Sealed ? args.encoded : encode(args, "args", transfer);
    } catch (error) {
      return Promise.reject(error);
    }
    return new Promise((resolve, reject) => {
      const left = timeoutOf(options) - spent;
      const id = this.#open(this.#openAsk(by, to, method, options, resolve, reject), options, left);
      const meta = mergeMeta(by?.current?.meta, options.meta);
      this.#request(by, {
        kind: "ask",
        to,
        id,
        method,
        args: encoded.value,
        coded: encoded.coded,
        cost: costOf(encoded.bytes),
        left,
        meta,
        chain,
      }, encoded.transfer);
    });
  }

  tell(
    by: Cell | undefined,
    to: ActorId,
    method: string,
    args: unknown[] | Sealed,
    options: CallOptions,
  ): void {
    const base = this.#base;
    if (base.closed || by?.state === "dead") return base.deadLetter(to, method, "stopped");
    // A dead target is no error of the teller; a value that cannot cross is.
    const encoded = args instanceof Sealed ? args.encoded : encode(args, "args", options.transfer);
    if (base.endOf(to) !== undefined) return base.deadLetter(to, method, "noproc");
    const meta = mergeMeta(by?.current?.meta, options.meta);
    this.#request(by, {
      kind: "tell",
      to,
      method,
      args: encoded.value,
      coded: encoded.coded,
      cost: costOf(encoded.bytes),
      meta,
    }, encoded.transfer);
  }

  /** Settles when there is room for messages to `to`. */
  room(
    by: Cell | undefined,
    to: ActorId,
    options: CallOptions,
    spent: number = 0,
  ): Promise<void> {
    const { id: node, cells } = this.#base;
    const refused = this.#refusal(by, to, "ready", options, spent);
    if (refused !== undefined) return Promise.reject(refused);
    const here = nodeOf(to) === node;
    if (!here) this.#base.host.reach?.(nodeOf(to));
    const cell = cells.get(to);
    if (here && cell === undefined) {
      return Promise.reject(new NoProcError(to, "ready", NOPROC, "no"));
    }
    const room = cell === undefined ? this.outflow.hasRoom(to) : !cell.inbox.crowded(node);
    if (room) return Promise.resolve();
    const deadlock = circle(by, to, "ready");
    if (deadlock !== undefined) return Promise.reject(deadlock);
    return new Promise((resolve, reject) => {
      const ask = this.#openAsk(by, to, "ready", options, () => resolve(), reject);
      const id = this.#open(ask, options, timeoutOf(options) - spent);
      this.outflow.wait(to, id, by?.id, here);
    });
  }

  /** Why nothing can be asked of `to`, and nothing need be sent to find out. */
  #refusal(
    by: Cell | undefined,
    to: ActorId,
    method: string,
    options: CallOptions,
    spent: number,
  ): Error | undefined {
    const { signal } = options;
    const timeout = timeoutOf(options);
    if (!(timeout > 0)) {
      return new InvalidOptionError("timeout", timeout, "milliseconds above 0, or Infinity");
    }
    if (this.#base.closed || by?.state === "dead") {
      return new AskAbortedError(to, method, new Error("the asker has ended"), "no");
    }
    if (signal?.aborted) return new AskAbortedError(to, method, signal.reason, "no");
    if (spent >= timeout) return new AskTimeoutError(to, method, timeout, "no");
    const down = this.#base.endOf(to);
    return down && new NoProcError(nameOf(to), method, down, "no");
  }

  /** All fields at once: a spread per ask costs more than all the rest of it (`bench/`). */
  #openAsk(
    by: Cell | undefined,
    to: ActorId,
    method: string,
    options: CallOptions,
    resolve: (value: unknown) => void,
    reject: (error: Error) => void,
  ): OpenAsk {
    return {
      to,
      method,
      timeout: timeoutOf(options),
      home: by?.home ?? this.#base.outside,
      by: by?.id,
      resolve,
      reject,
      cleanUp: undefined,
    };
  }

  #open(ask: OpenAsk, { signal }: CallOptions, left: number): number {
    const id = this.asks.open(ask, left);
    if (signal === undefined) return id;
    const abort = (): void => this.asks.abort(id, signal.reason);
    ask.cleanUp = () => signal.removeEventListener("abort", abort);
    signal.addEventListener("abort", abort, { once: true });
    return id;
  }

  /** Messages within a node go straight into the mailbox, which is no further away than any other place to wait. */
  #request(
    by: Cell | undefined,
    envelope: RequestEnvelope,
    transfer: readonly ArrayBuffer[],
  ): void {
    const { id } = this.#base;
    if (nodeOf(envelope.to) === id) return this.#base.post(id, envelope);
    this.outflow.send(envelope, transfer, by?.id);
  }

  reply(request: Request, outcome: Outcome): void {
    if (request.replyTo === undefined) return;
    if (request.cancelledAt !== undefined) {
      const lateBy = this.#base.host.clock.now() - request.cancelledAt;
      return this.#base.event("ask.late_reply", undefined, { method: request.method, lateBy });
    }
    const failed = "error" in outcome;
    const encoded = failed ? encode(outcome.error, "error") : outcome.encoded;
    this.#base.post(
      request.replyTo,
      replyEnvelope(request.ask, encoded, failed),
      encoded.transfer,
    );
  }

  /** An envelope that was handed to the host did not cross after all. */
  undeliverable(envelope: Envelope, cause: Error): void {
    const error = new NotCloneableError("A value in a message", cause.message, { cause });
    if (envelope.kind === "ask") return this.asks.close(envelope.id)?.reject(error);
    if (envelope.kind === "tell") {
      return this.#base.deadLetter(envelope.to, envelope.method, "not_cloneable");
    }
  }

  /** The reply `ask` that should have gone to `to` does not cross: say so instead. */
  undeliverableReply(to: NodeId, ask: number, cause: Error): void {
    const error = new NotCloneableError("A value in the answer", cause.message, { cause });
    this.#base.post(to, replyEnvelope(ask, encode(error, "error"), true));
  }
}

function timeoutOf({ timeout = DEFAULT_ASK_TIMEOUT }: CallOptions): number {
  return timeout;
}

/** Why `by` would wait for itself if it waited for `to`. */
function circle(by: Cell | undefined, to: ActorId, method: string): Error | undefined {
  const chain = by?.chain;
  if (by === undefined || chain === undefined) return undefined;
  if (by.id === to) return new CallingSelfError(by.label, method);
  return chain.includes(to) ? new DeadlockError(to, method, chain) : undefined;
}

function replyEnvelope(id: number, { value, coded }: Encoded, failed: boolean): ReplyEnvelope {
  return { kind: "reply", id, value, coded, failed };
}

function mergeMeta(
  inherited: Readonly<Record<string, string>> | undefined,
  own: Readonly<Record<string, string>> | undefined,
): Readonly<Record<string, string>> | undefined {
  if (inherited === undefined || inherited === NO_META) return own;
  return own === undefined ? inherited : { ...inherited, ...own };
}
