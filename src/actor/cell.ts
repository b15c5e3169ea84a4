import type { Clock } from "./clock.ts";
import type { ActorDefinition } from "./definition.ts";
import { ignore } from "./definition.ts";
import type { Sealed } from "./codec.ts";
import { decode, encode } from "./codec.ts";
import type { Delivered } from "./errors.ts";
import {
  InvalidOptionError,
  MailboxFullError,
  NoProcError,
  NoSuchMethodError,
  Refusal,
} from "./errors.ts";
import type { ExitReason } from "./exit_reason.ts";
import { errorReason, toError } from "./exit_reason.ts";
import type { ActorContext } from "./context.ts";
import type { Patience } from "./host.ts";
import type { ActorId, NodeId } from "./ids.ts";
import { Inflow } from "./inflow.ts";
import { Mailbox } from "./mailbox.ts";
import type { Down } from "./monitor.ts";
import type { ActorNode } from "./node.ts";
import type { CallOptions, MailboxOptions } from "./options.ts";
import type { Protocol } from "./protocol.ts";
import type { Home } from "./refs.ts";
import { makeRef } from "./refs.ts";
import { Request } from "./request.ts";
import { transfersOf } from "./transfer.ts";

/** Work of an actor that is no call of a method: a timer, a death, something posted. */
type Callback = () => void | Promise<void>;

/** What waits in a mailbox. */
type Message = Request | Callback | { readonly end: ExitReason };

/** Thrown by `ctx.stop` to leave the running method. */
export class StopSignal {
  readonly reason: ExitReason;

  constructor(reason: ExitReason) {
    this.reason = reason;
  }
}

export type CellState = "starting" | "running" | "stopping" | "dead";

/** One incarnation of an actor: its mailbox, its turn, its end. */
export class Cell implements Home {
  readonly id: ActorId;
  readonly name: string | undefined;
  readonly kind: "worker" | "supervisor";
  readonly parent: ActorId | undefined;
  readonly startedAt: number;
  /** Who ends with this actor, and the other way round; since when, on the host's clock. */
  readonly links: Map<ActorId, number> = new Map();
  readonly timers: Set<Disposable> = new Set();
  /** Settles with the reason once names are free and monitors are told. */
  readonly ended: Promise<ExitReason>;
  handled = 0;
  failed = 0;
  trap: ((exit: Down) => void | Promise<void>) | undefined;
  readonly terminators: ((reason: ExitReason) => void | Promise<void>)[] = [];

  readonly #node: ActorNode;
  readonly #mailbox: Mailbox<Message>;
  readonly #inflow: Inflow;
  readonly #methods = new Map<string, (...args: unknown[]) => unknown>();
  readonly #interleaving: ReadonlySet<string>;
  /** A kernel answers with errors and lives on: its node cannot do without it. */
  readonly #sturdy: boolean;
  readonly #controller = new AbortController();
  /** The chain of what is asked for nobody's sake. */
  readonly #alone: readonly ActorId[];
  /** Requests that were begun and have not replied. */
  readonly #begun = new Set<Request>();
  #state: CellState = "starting";
  /** A message that is strictly alone is under way; the mailbox waits. */
  #holding = true;
  #running = false;
  /** The synchronous part of a method or callback runs: what is asked now is asked by it. */
  #calling = false;
  /** The request whose synchronous part runs, or that holds the mailbox. */
  #current: Request | undefined;
  #currentSince = 0;
  #overlapping = 0;
  #reason: ExitReason | undefined;
  #settleEnded!: (reason: ExitReason) => void;

  constructor(
    node: ActorNode,
    id: ActorId,
    definition: ActorDefinition<never, Protocol>,
    name: string | undefined,
    options: {
      readonly mailbox?: MailboxOptions | undefined;
      readonly parent?: ActorId | undefined;
      readonly sturdy?: boolean;
    } = {},
  ) {
    this.#node = node;
    this.id = id;
    this.#alone = [id];
    this.name = name;
    this.kind = definition.kind;
    this.parent = options.parent;
    this.#sturdy = options.sturdy === true;
    this.#interleaving = new Set(definition.interleaving);
    const mailbox = this.#mailbox = new Mailbox(options.mailbox);
    this.#inflow = new Inflow(
      mailbox.waits ? mailbox.capacity : Infinity,
      ({ node: to, waiting }, window) => node.post(to, { kind: "credit", of: id, waiting, window }),
    );
    this.startedAt = node.host.clock.now();
    this.ended = new Promise((resolve) => (this.#settleEnded = resolve));
  }

  get state(): CellState {
    return this.#state;
  }

  /** Whether it takes no messages any more. */
  get gone(): boolean {
    return this.#state === "dead" || this.#state === "stopping";
  }

  get reason(): ExitReason | undefined {
    return this.#reason;
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  get current(): Request | undefined {
    return this.#current;
  }

  get currentSince(): number {
    return this.#currentSince;
  }

  get busy(): boolean {
    return this.#holding || this.#overlapping > 0;
  }

  get mailbox(): {
    readonly size: number;
    readonly capacity: number;
    readonly peak: number;
    readonly dropped: number;
  } {
    const { size, capacity, peak, dropped } = this.#mailbox;
    return { size, capacity, peak, dropped };
  }

  // ------------------------------------------------------------ sending

  get clock(): Clock {
    return this.#node.host.clock;
  }

  ask(
    to: ActorId,
    method: string,
    args: unknown[] | Sealed,
    options: CallOptions,
    spent?: number,
  ): Promise<unknown> {
    return this.#node.ask(this, to, method, args, options, spent);
  }

  tell(to: ActorId, method: string, args: unknown[] | Sealed, options: CallOptions): void {
    this.#node.tell(this, to, method, args, options);
  }

  drop(to: ActorId, method: string, why: string): void {
    this.#node.deadLetter(to, method, why);
  }

  room(to: ActorId, options: CallOptions, spent?: number): Promise<void> {
    return this.#node.room(this, to, options, spent);
  }

  resolve(name: string, stale?: ActorId, patience?: Patience): Promise<ActorId | undefined> {
    return this.#node.names.resolve(name, stale, patience, this.signal);
  }

  /**
   * The actors that wait for what this one asks now. Undefined where that is not certain: while methods overlap,
   * an ask cannot be attributed to one of them.
   */
  get chain(): readonly ActorId[] | undefined {
    if (!this.#holding || (this.#overlapping > 0 && !this.#calling)) return undefined;
    return this.#current === undefined ? this.#alone : this.#current.chainTo(this.id);
  }

  // ------------------------------------------------------------ life

  /** Runs `init`. Rejects with what it threw. */
  async start(
    definition: ActorDefinition<never, Protocol>,
    args: unknown,
    ctx: ActorContext,
  ): Promise<"up" | "ignored" | "killed"> {
    this.#currentSince = this.#node.host.clock.now();
    this.#node.host.began?.(this.id, "init", this.#currentSince);
    const result = await definition.init(ctx, args as never);
    this.#node.host.rested?.();
    if (this.#state !== "starting") return "killed";
    if (result === ignore) return "ignored";
    this.#install(result as Protocol);
    this.#state = "running";
    this.#holding = false;
    this.#node.ready(this);
    return "up";
  }

  #install(methods: Protocol): void {
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

  // ------------------------------------------------------------ the mailbox

  /** Takes a request, or answers at once why not. */
  offer(request: Request): void {
    if (this.gone) return this.#refuse(request, "stopped");
    if (request.chain.includes(this.id)) return this.#node.replyDeadlock(this.id, request);
    if (request.replyTo !== undefined && this.#mailbox.full) {
      this.#mailbox.countDropped();
      const full = new MailboxFullError(this.label, request.method, this.#mailbox.capacity);
      return this.#node.reply(request, { error: full });
    }
    const offer = this.#mailbox.offer(request, isRequest);
    if (offer.kind === "refused") return this.#node.deadLetter(this.id, request.method, "full");
    if (offer.kind === "dropped") {
      this.#left(offer.message);
      this.#drop(offer.message as Request);
    }
    if (offer.kind === "stop") {
      this.#node.deadLetter(this.id, request.method, "full");
      const error = new MailboxFullError(this.label, request.method, this.#mailbox.capacity);
      return this.end(errorReason(error));
    }
    const source = request.source = this.#inflow.of(request.origin);
    source.waiting += request.cost;
    this.#node.ready(this);
  }

  /** Whether messages from `node` have no room here. */
  crowded(node: NodeId): boolean {
    return this.#inflow.of(node).waiting >= this.#inflow.window;
  }

  /** `node` wants to be told when its messages have room here. */
  poll(node: NodeId): void {
    this.#inflow.poll(node);
  }

  /** `node` is gone. */
  forget(node: NodeId): void {
    this.#inflow.forget(node);
  }

  /** `message` does not wait in the mailbox any more. */
  #left(message: Message): void {
    if (message instanceof Request && message.source !== undefined) {
      this.#inflow.left(message.source, message.cost);
    }
  }

  #drop(request: Request): void {
    if (request.replyTo === undefined) {
      return this.#node.deadLetter(this.id, request.method, "full");
    }
    const error = new MailboxFullError(this.label, request.method, this.#mailbox.capacity);
    this.#node.reply(request, { error });
  }

  /** Queues `callback` behind the messages that are here, whatever the mailbox's bound. */
  post(callback: Callback): void {
    if (this.gone) return;
    this.#mailbox.exempt(callback);
    this.#node.ready(this);
  }

  /** Withdraws a request that the caller gave up. */
  cancel(from: NodeId, ask: number, why: unknown): void {
    const matches = (message: Message): boolean =>
      message instanceof Request && message.replyTo === from && message.ask === ask;
    const withdrawn = this.#mailbox.remove(matches, isExempt);
    if (withdrawn !== undefined) return this.#left(withdrawn);
    for (const request of this.#begun) {
      if (matches(request)) request.cancel(why, this.#node.host.clock.now());
    }
  }

  /** Handles messages until there is none, one holds the mailbox, or `budget` are done. Gives how many were done. */
  run(budget: number): number {
    if (this.#running) return 0;
    this.#running = true;
    let done = 0;
    while (!this.#holding && this.#state === "running" && done < budget) {
      const message = this.#mailbox.take(isExempt);
      if (message === undefined) break;
      this.#left(message);
      done++;
      this.#handle(message);
    }
    this.#running = false;
    return done;
  }

  /** Whether {@linkcode run} has something to do. */
  get runnable(): boolean {
    return !this.#holding && this.#state === "running" && this.#mailbox.size > 0;
  }

  #handle(message: Message): void {
    if (message instanceof Request) return this.#serve(message);
    if (typeof message === "function") return this.#call(message);
    this.end(message.end);
  }

  #serve(request: Request): void {
    const { clock } = this.#node.host;
    if (request.deadline !== Infinity && clock.now() > request.deadline) {
      return this.#node.event("ask.expired", this, { method: request.method });
    }
    const method = this.#methods.get(request.method);
    if (method === undefined) {
      const error = new NoSuchMethodError(this.label, request.method, [...this.#methods.keys()]);
      if (request.replyTo !== undefined) return this.#node.reply(request, { error });
      return this.#node.deadLetter(this.id, request.method, "no_method");
    }
    this.handled++;
    this.#current = request;
    this.#currentSince = clock.now();
    this.#node.host.began?.(this.id, request.method, this.#currentSince);
    const overlaps = this.#interleaving.has(request.method);
    let result: unknown;
    try {
      const args = decode({ value: request.args, coded: request.coded }, this) as unknown[];
      this.#holding = !overlaps;
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
      if (this.#state === "dead") return false;
      if (overlaps) this.#overlapping--;
      else this.#letGo();
      return true;
    };
    result.then(
      (value) => release() && this.#succeed(request, value),
      (thrown) => release() && this.#fail(request, thrown),
    ).then(() => this.#node.ready(this));
  }

  #call(callback: Callback): void {
    let result: unknown;
    this.#currentSince = this.#node.host.clock.now();
    this.#node.host.began?.(this.id, "callback", this.#currentSince);
    try {
      this.#holding = true;
      this.#calling = true;
      result = callback();
    } catch (thrown) {
      this.#calling = false;
      return this.#crash(thrown);
    }
    this.#calling = false;
    if (!isThenable(result)) return this.#letGo();
    const release = (): void => {
      if (this.#state !== "dead") this.#letGo();
    };
    result.then(release, (thrown) => {
      release();
      this.#crash(thrown);
    }).then(() => this.#node.ready(this));
  }

  #letGo(): void {
    this.#current = undefined;
    this.#node.host.rested?.();
    if (this.#state === "running") this.#holding = false;
  }

  #succeed(request: Request, value: unknown): void {
    if (request.replyTo === undefined) return;
    try {
      const where = `the answer of ${request.method}`;
      this.#node.reply(request, { encoded: encode(value, where, transfersOf(value)) });
    } catch (error) {
      this.failed++;
      this.#node.reply(request, { error: toError(error) });
    }
  }

  #fail(request: Request, thrown: unknown): void {
    this.failed++;
    if (thrown instanceof StopSignal) {
      const reason = thrown.reason;
      if (request.replyTo !== undefined) {
        const error = new NoProcError(this.label, request.method, reason, "yes");
        this.#node.reply(request, { error });
      }
      return this.end(reason);
    }
    const error = toError(thrown);
    if (request.replyTo !== undefined) this.#node.reply(request, { error });
    else if (thrown instanceof Refusal) {
      this.#node.event("tell.refused", this, { method: request.method, error });
    }
    if (!(thrown instanceof Refusal) && !this.#sturdy) this.end(errorReason(error));
  }

  #crash(thrown: unknown): void {
    this.failed++;
    this.end(thrown instanceof StopSignal ? thrown.reason : errorReason(thrown));
  }

  // ------------------------------------------------------------ the end

  /** Ends after the message under way, and runs what `onTerminate` was given. */
  requestEnd(reason: ExitReason): void {
    if (this.gone) return;
    this.#controller.abort(new Error("the actor was asked to stop"));
    if (this.#state === "starting") return this.kill(reason);
    this.#mailbox.system({ end: reason });
    this.#node.ready(this);
  }

  /** Ends now. What is under way goes on unseen: nothing it does or answers counts any more. */
  kill(reason: ExitReason): void {
    if (this.#state === "dead") return;
    this.#bury(reason);
  }

  /** Ends with `reason` once what `onTerminate` was given has run. */
  end(reason: ExitReason): void {
    if (this.gone) return;
    this.#state = "stopping";
    this.#holding = true;
    if (this.terminators.length === 0) return this.#bury(reason);
    this.#terminate(reason).then((final) => this.kill(final));
  }

  async #terminate(reason: ExitReason): Promise<ExitReason> {
    let final = reason;
    for (const fn of this.terminators) {
      try {
        await fn(reason);
      } catch (thrown) {
        final = thrown instanceof StopSignal ? thrown.reason : errorReason(thrown);
      }
    }
    return final;
  }

  #bury(reason: ExitReason): void {
    this.#state = "dead";
    this.#holding = true;
    this.#reason = reason;
    this.#controller.abort(new Error("the actor ended"));
    for (const timer of this.timers) timer[Symbol.dispose]();
    this.timers.clear();
    for (const request of this.#begun) {
      this.#refuseAsk(request, reason, "yes");
      request.cancel(new Error("the actor ended"), this.#node.host.clock.now());
    }
    this.#begun.clear();
    const senders = this.#inflow.close();
    for (;;) {
      const message = this.#mailbox.take(isExempt);
      if (message === undefined) break;
      if (message instanceof Request) this.#refuse(message, "stopped");
    }
    this.#node.turnAway(this.id, senders, reason);
    this.#node.bury(this, reason).then(() => this.#settleEnded(reason));
  }

  #refuse(request: Request, why: "stopped"): void {
    if (request.replyTo === undefined) this.#node.deadLetter(this.id, request.method, why);
    else this.#refuseAsk(request, this.#reason ?? { kind: "shutdown" }, "no");
  }

  #refuseAsk(request: Request, reason: ExitReason, delivered: Delivered): void {
    if (request.replyTo === undefined) return;
    const error = new NoProcError(this.label, request.method, reason, delivered);
    this.#node.reply(request, { error });
  }

  /** For people: the name, else the id. */
  get label(): string {
    return this.name ?? this.id;
  }

  /** This actor's own ref, which sends for itself. */
  get self(): ReturnType<typeof makeRef> {
    return makeRef(this, this.id, this.name);
  }
}

function isRequest(message: Message): message is Request {
  return message instanceof Request;
}

function isExempt(message: Message): boolean {
  return !isRequest(message);
}

function isThenable(
  value: unknown,
): value is PromiseLike<unknown> & { then: Promise<unknown>["then"] } {
  return typeof value === "object" && value !== null && "then" in value &&
    typeof value.then === "function";
}
