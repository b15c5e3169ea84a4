import { ActorHome } from "./actor_home.ts";
import { ActorTimers } from "./actor_timers.ts";
import type { ActorContext } from "./context.ts";
import type { ActorDefinition } from "./definition.ts";
import { ignore } from "./definition.ts";
import type { Delivered } from "./errors.ts";
import { DeadlockError, MailboxFullError, NoProcError } from "./errors.ts";
import type { ExitReason } from "./exit_reason.ts";
import { errorReason } from "./exit_reason.ts";
import type { ActorId, NodeId } from "./ids.ts";
import type { Callback, Message } from "./inbox.ts";
import { Inbox } from "./inbox.ts";
import type { Down } from "./monitor.ts";
import type { ActorNode } from "./node.ts";
import type { MailboxOptions } from "./options.ts";
import type { Protocol } from "./protocol.ts";
import { Request } from "./request.ts";
import { StopSignal } from "./stop_signal.ts";
import { Work } from "./work.ts";

export type CellState = "starting" | "running" | "stopping" | "dead";

/** One incarnation of an actor: what waits for it, what it does, and how it ends. */
export class Cell {
  readonly id: ActorId;
  readonly name: string | undefined;
  readonly kind: "worker" | "supervisor";
  readonly parent: ActorId | undefined;
  readonly startedAt: number;
  /** Whom its refs send for. */
  readonly home: ActorHome;
  readonly inbox: Inbox;
  readonly timers: ActorTimers;
  /** Who ends with this actor, and the other way round; since when, on the host's clock. */
  readonly links: Map<ActorId, number> = new Map();
  /** Settles with the reason once names are free and monitors are told. */
  readonly ended: Promise<ExitReason>;
  trap: ((exit: Down) => void | Promise<void>) | undefined;
  readonly terminators: ((reason: ExitReason) => void | Promise<void>)[] = [];

  readonly #node: ActorNode;
  readonly #work: Work;
  readonly #controller = new AbortController();
  #state: CellState = "starting";
  #running = false;
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
    this.name = name;
    this.kind = definition.kind;
    this.parent = options.parent;
    this.home = new ActorHome(node, this);
    this.#work = new Work(node, this, definition.interleaving, options.sturdy === true);
    this.inbox = new Inbox(options.mailbox, ({ node: to, waiting }, window) => {
      node.base.post(to, { kind: "credit", of: id, waiting, window });
    });
    this.timers = new ActorTimers(node.host.clock, (callback) => this.post(callback));
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

  /** For people: the name, else the id. */
  get label(): string {
    return this.name ?? this.id;
  }

  // ------------------------------------------------------------ what it does

  /** The request being served. */
  get current(): Request | undefined {
    return this.#work.current;
  }

  get currentSince(): number {
    return this.#work.currentSince;
  }

  get busy(): boolean {
    return this.#work.busy;
  }

  get handled(): number {
    return this.#work.handled;
  }

  get failed(): number {
    return this.#work.failed;
  }

  /** See {@linkcode Work.chain}. */
  get chain(): readonly ActorId[] | undefined {
    return this.#work.chain;
  }

  get mailbox(): Inbox["state"] {
    return this.inbox.state;
  }

  /** Runs `init`. Rejects with what it threw. */
  async start(
    definition: ActorDefinition<never, Protocol>,
    args: unknown,
    ctx: ActorContext,
  ): Promise<"up" | "ignored" | "killed"> {
    this.#work.began("init");
    const result = await definition.init(ctx, args as never);
    this.#node.host.rested?.();
    if (this.#state !== "starting") return "killed";
    if (result === ignore) return "ignored";
    this.#work.install(result as Protocol);
    this.#state = "running";
    this.#work.holding = false;
    this.#node.turns.ready(this);
    return "up";
  }

  /** Handles messages until there is none, one holds the mailbox, or `budget` are done. Gives how many were done. */
  run(budget: number): number {
    if (this.#running) return 0;
    this.#running = true;
    let done = 0;
    while (!this.#work.holding && this.#state === "running" && done < budget) {
      const message = this.inbox.take();
      if (message === undefined) break;
      done++;
      this.#handle(message);
    }
    this.#running = false;
    return done;
  }

  /** Whether {@linkcode run} has something to do. */
  get runnable(): boolean {
    return !this.#work.holding && this.#state === "running" && this.inbox.size > 0;
  }

  #handle(message: Message): void {
    if (message instanceof Request) return this.#work.serve(message);
    if (typeof message === "function") return this.#work.call(message);
    this.end(message.end);
  }

  // ------------------------------------------------------------ what waits for it

  /** Takes a request, or answers at once why not. */
  offer(request: Request): void {
    if (this.gone) return this.#refuse(request);
    if (request.chain.includes(this.id)) {
      const error = new DeadlockError(this.id, request.method, request.chain);
      return this.#node.out.reply(request, { error });
    }
    const offer = this.inbox.offer(request);
    if (offer.kind === "refused") return this.#drop(request);
    if (offer.kind === "dropped") this.#drop(offer.message as Request);
    if (offer.kind === "stop") {
      this.#drop(request);
      return this.end(errorReason(this.#full(request)));
    }
    this.#node.turns.ready(this);
  }

  /** There is no room for `request`. */
  #drop(request: Request): void {
    if (request.replyTo === undefined) {
      return this.#node.base.deadLetter(this.id, request.method, "full");
    }
    this.#node.out.reply(request, { error: this.#full(request) });
  }

  #full({ method }: Request): MailboxFullError {
    return new MailboxFullError(this.label, method, this.inbox.capacity);
  }

  /** Queues `callback` behind the messages that are here, whatever the mailbox's bound. */
  post(callback: Callback): void {
    if (this.gone) return;
    this.inbox.post(callback);
    this.#node.turns.ready(this);
  }

  /** Withdraws a request that the caller gave up. */
  cancel(from: NodeId, ask: number, why: unknown): void {
    const matches = (message: Message): boolean =>
      message instanceof Request && message.replyTo === from && message.ask === ask;
    if (this.inbox.withdraw(matches)) return;
    const now = this.#node.host.clock.now();
    for (const request of this.#work.begun(matches)) request.cancel(why, now);
  }

  // ------------------------------------------------------------ the end

  /** Ends after the message under way, and runs what `onTerminate` was given. */
  requestEnd(reason: ExitReason): void {
    if (this.gone) return;
    this.#controller.abort(new Error("the actor was asked to stop"));
    if (this.#state === "starting") return this.kill(reason);
    this.inbox.end(reason);
    this.#node.turns.ready(this);
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
    this.#work.holding = true;
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
    const { host, deaths } = this.#node;
    this.#state = "dead";
    this.#work.holding = true;
    this.#reason = reason;
    this.#controller.abort(new Error("the actor ended"));
    this.timers.clear();
    for (const request of this.#work.abandon()) {
      this.#refuseAsk(request, reason, "yes");
      request.cancel(new Error("the actor ended"), host.clock.now());
    }
    const senders = this.inbox.close();
    for (let message = this.inbox.take(); message !== undefined; message = this.inbox.take()) {
      if (message instanceof Request) this.#refuse(message);
    }
    deaths.turnAway(this.id, senders, reason);
    deaths.bury(this, reason).then(() => this.#settleEnded(reason));
  }

  #refuse(request: Request): void {
    if (request.replyTo === undefined) {
      return this.#node.base.deadLetter(this.id, request.method, "stopped");
    }
    this.#refuseAsk(request, this.#reason ?? { kind: "shutdown" }, "no");
  }

  #refuseAsk(request: Request, reason: ExitReason, delivered: Delivered): void {
    const error = new NoProcError(this.label, request.method, reason, delivered);
    this.#node.out.reply(request, { error });
  }
}
