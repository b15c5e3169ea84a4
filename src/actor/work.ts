import type { Cell } from "./cell.ts";
import { decode, encode } from "./codec.ts";
import { InvalidOptionError, NoProcError, NoSuchMethodError, Refusal } from "./errors.ts";
import { errorReason, toError } from "./exit_reason.ts";
import type { ActorId } from "./ids.ts";
import type { Callback } from "./inbox.ts";
import type { ActorNode } from "./node.ts";
import type { Protocol } from "./protocol.ts";
import type { Request } from "./request.ts";
import { StopSignal } from "./stop_signal.ts";
import { transfersOf } from "./transfer.ts";

/** What an actor does: the request or callback that holds it, and those that overlap. */
export class Work {
  /** Requests begun. */
  handled = 0;
  /** Requests and callbacks that threw. */
  failed = 0;
  /** A message that is strictly alone is under way; the mailbox waits. So it is before the actor is up, and once it ends. */
  holding = true;
  readonly #node: ActorNode;
  readonly #cell: Cell;
  readonly #methods = new Map<string, (...args: unknown[]) => unknown>();
  readonly #interleaving: ReadonlySet<string>;
  /** A kernel answers with errors and lives on: its node cannot do without it. */
  readonly #sturdy: boolean;
  /** The chain of what is asked for nobody's sake. */
  readonly #alone: readonly ActorId[];
  /** Requests that were begun and have not replied. */
  readonly #begun = new Set<Request>();
  /** The synchronous part of a method or callback runs: what is asked now is asked by it. */
  #calling = false;
  /** The request whose synchronous part runs, or that holds the mailbox. */
  #current: Request | undefined;
  #currentSince = 0;
  #overlapping = 0;

  constructor(node: ActorNode, cell: Cell, interleaving: readonly string[], sturdy: boolean) {
    this.#node = node;
    this.#cell = cell;
    this.#interleaving = new Set(interleaving);
    this.#sturdy = sturdy;
    this.#alone = [cell.id];
  }

  get current(): Request | undefined {
    return this.#current;
  }

  get currentSince(): number {
    return this.#currentSince;
  }

  get busy(): boolean {
    return this.holding || this.#overlapping > 0;
  }

  /**
   * The actors that wait for what this one asks now. Undefined where that is not certain: while methods overlap,
   * an ask cannot be attributed to one of them.
   */
  get chain(): readonly ActorId[] | undefined {
    if (!this.holding || (this.#overlapping > 0 && !this.#calling)) return undefined;
    return this.#current === undefined ? this.#alone : this.#current.chainTo(this.#cell.id);
  }

  /** Takes the methods that `init` returned. @throws InvalidOptionError */
  install(methods: Protocol): void {
    if (typeof methods !== "object" || methods === null) {
      throw new InvalidOptionError(
        "what init returned",
        methods,
        "an object of methods, or ignore",
      );
    }
    for (const [name, method] of Object.entries(methods)) {
      if (typeof method === "function") this.#methods.set(name, method);
    }
    for (const name of this.#interleaving) {
      if (!this.#methods.has(name)) {
        throw new InvalidOptionError("interleaving", name, `one of ${[...this.#methods.keys()]}`);
      }
    }
  }

  /** `what` gets the thread: its host is told, should it never come back. */
  began(what: string): void {
    const { host } = this.#node;
    this.#currentSince = host.clock.now();
    host.began?.(this.#cell.id, what, this.#currentSince);
  }

  serve(request: Request): void {
    const { host, base, out, turns } = this.#node;
    if (request.deadline !== Infinity && host.clock.now() > request.deadline) {
      return base.event("ask.expired", this.#cell, { method: request.method });
    }
    const method = this.#methods.get(request.method);
    if (method === undefined) {
      const { id, label } = this.#cell;
      if (request.replyTo === undefined) return base.deadLetter(id, request.method, "no_method");
      const error = new NoSuchMethodError(label, request.method, [...this.#methods.keys()]);
      return out.reply(request, { error });
    }
    this.handled++;
    this.#current = request;
    this.began(request.method);
    const overlaps = this.#interleaving.has(request.method);
    let result: unknown;
    try {
      const { args: value, coded } = request;
      const args = decode({ value, coded }, this.#cell.home) as unknown[];
      this.holding = !overlaps;
      this.#calling = true;
      result = method(...args);
    } catch (thrown) {
      this.#calling = false;
      this.#letGo();
      return this.#fail(request, thrown);
    }
    this.#calling = false;
    if (!isThenable(result)) {
      this.#letGo();
      return this.#succeed(request, result);
    }
    this.#begun.add(request);
    if (overlaps) {
      this.#letGo();
      this.#overlapping++;
    }
    const release = (): boolean => {
      this.#begun.delete(request);
      if (this.#cell.state === "dead") return false;
      if (overlaps) this.#overlapping--;
      else this.#letGo();
      return true;
    };
    result.then(
      (value) => release() && this.#succeed(request, value),
      (thrown) => release() && this.#fail(request, thrown),
    ).then(() => turns.ready(this.#cell));
  }

  call(callback: Callback): void {
    let result: unknown;
    this.began("callback");
    try {
      this.holding = true;
      this.#calling = true;
      result = callback();
    } catch (thrown) {
      this.#calling = false;
      return this.#crash(thrown);
    }
    this.#calling = false;
    if (!isThenable(result)) return this.#letGo();
    const release = (): void => {
      if (this.#cell.state !== "dead") this.#letGo();
    };
    result.then(release, (thrown) => {
      release();
      this.#crash(thrown);
    }).then(() => this.#node.turns.ready(this.#cell));
  }

  #letGo(): void {
    this.#current = undefined;
    this.#node.host.rested?.();
    if (this.#cell.state === "running") this.holding = false;
  }

  #succeed(request: Request, value: unknown): void {
    if (request.replyTo === undefined) return;
    const { out } = this.#node;
    try {
      const where = `the answer of ${request.method}`;
      out.reply(request, { encoded: encode(value, where, transfersOf(value)) });
    } catch (error) {
      this.failed++;
      out.reply(request, { error: toError(error) });
    }
  }

  #fail(request: Request, thrown: unknown): void {
    const { base, out } = this.#node;
    this.failed++;
    if (thrown instanceof StopSignal) {
      const { reason } = thrown;
      const error = new NoProcError(this.#cell.label, request.method, reason, "yes");
      out.reply(request, { error });
      return this.#cell.end(reason);
    }
    const error = toError(thrown);
    if (request.replyTo !== undefined) out.reply(request, { error });
    else if (thrown instanceof Refusal) {
      base.event("tell.refused", this.#cell, { method: request.method, error });
    }
    if (!(thrown instanceof Refusal) && !this.#sturdy) this.#cell.end(errorReason(error));
  }

  #crash(thrown: unknown): void {
    this.failed++;
    this.#cell.end(thrown instanceof StopSignal ? thrown.reason : errorReason(thrown));
  }

  /** The requests that were begun and that `matches`. */
  *begun(matches: (request: Request) => boolean): Iterable<Request> {
    for (const request of this.#begun) if (matches(request)) yield request;
  }

  /** Nobody is replied to any more. Gives the requests that were begun. */
  abandon(): Request[] {
    const begun = [...this.#begun];
    this.#begun.clear();
    return begun;
  }
}

function isThenable(
  value: unknown,
): value is PromiseLike<unknown> & { then: Promise<unknown>["then"] } {
  return typeof value === "object" && value !== null && "then" in value &&
    typeof value.then === "function";
}
