import type { OpenAsk } from "./asks.ts";
import { Asks } from "./asks.ts";
import { Cell } from "./cell.ts";
import { checkSpawnOptions } from "./check_spawn.ts";
import type { Encoded } from "./codec.ts";
import { decode, encode, Sealed } from "./codec.ts";
import { makeContext } from "./context_impl.ts";
import { costOf } from "./credit.ts";
import type { ActorDefinition } from "./definition.ts";
import { actor, isDefinition } from "./definition.ts";
import type { Envelope, ReplyEnvelope, RequestEnvelope } from "./envelope.ts";
import {
  AlreadyRegisteredError,
  AskAbortedError,
  AskTimeoutError,
  CallingSelfError,
  DeadlockError,
  InvalidOptionError,
  NoProcError,
  NotCloneableError,
  StartFailedError,
  StartIgnoredError,
  SystemClosedError,
} from "./errors.ts";
import type { ExitReason } from "./exit_reason.ts";
import { errorReason, KILLED, NOPROC, NORMAL, SHUTDOWN, toError } from "./exit_reason.ts";
import type { Bonds, Host, Names } from "./host.ts";
import type { ActorId, NodeId } from "./ids.ts";
import { actorId, kernelId, nameOf, nodeOf, NOWHERE } from "./ids.ts";
import type { Down, Monitor } from "./monitor.ts";
import { Monitors } from "./monitors.ts";
import { Obituaries } from "./obituaries.ts";
import type { CallOptions, SpawnOptions } from "./options.ts";
import { DEFAULT_ASK_TIMEOUT, DEFAULT_START_TIMEOUT } from "./options.ts";
import type { Held } from "./outflow.ts";
import { Outflow } from "./outflow.ts";
import type { Protocol } from "./protocol.ts";
import type { ActorRef, AnyRef } from "./ref.ts";
import type { Home } from "./refs.ts";
import { makeRef } from "./refs.ts";
import { NO_META, Request } from "./request.ts";

/** Messages that one actor handles before the others of its node get their turn. */
const CELL_BUDGET = 64;
/** Messages that a node handles before timers and ports get theirs. */
const NODE_BUDGET = 2_048;

/** What a method gave: a value that is encoded already, or an error. */
type Outcome =
  | { readonly encoded: Encoded }
  | { readonly error: Error };

/** A new actor, and its end. */
export interface Spawned<P extends Protocol> {
  readonly ref: ActorRef<P>;
  /** Never rejects. */
  readonly ended: Promise<ExitReason>;
}

/**
 * The actors of one thread (or of one simulated host): their mailboxes and turns, the asks that wait, who watches whom.
 * Knows nothing of threads or ports; a {@linkcode Host} carries what goes elsewhere.
 */
export class ActorNode {
  readonly id: NodeId;
  readonly host: Host;
  readonly names: Names;
  /** Sends for those who are no actors. */
  readonly outside: Home;
  readonly #cells = new Map<ActorId, Cell>();
  readonly #asks: Asks;
  readonly #outflow: Outflow;
  readonly #monitors = new Monitors();
  /** Actors of living nodes that are known to have ended: nothing need be sent to find out. */
  readonly #obituaries = new Obituaries();
  #number = 0;
  #ready: Cell[] = [];
  readonly #queued = new Set<Cell>();
  #scheduled = false;
  #draining = false;
  #closed = false;
  /** Aborted when this node is closed, which ends what those outside of actors wait for. */
  readonly #closing = new AbortController();

  constructor(id: NodeId, host: Host, names: Names) {
    this.id = id;
    this.host = host;
    this.names = names;
    this.outside = {
      clock: host.clock,
      ask: (to, method, args, options, spent) =>
        this.ask(undefined, to, method, args, options, spent),
      tell: (to, method, args, options) => this.tell(undefined, to, method, args, options),
      drop: (to, method, why) => this.deadLetter(to, method, why),
      room: (to, options, spent) => this.room(undefined, to, options, spent),
      resolve: (name, stale, patience) =>
        names.resolve(name, stale, patience, this.#closing.signal),
      signal: this.#closing.signal,
    };
    this.#asks = new Asks(host.clock, (askId, ask) => {
      if (this.#outflow.withdraw(ask.to, askId)) return "no";
      this.post(nodeOf(ask.to), { kind: "cancel", to: ask.to, id: askId });
      return "maybe";
    });
    this.#outflow = new Outflow(host.clock, {
      post: (to, envelope, transfer) => this.#dispatch(to, envelope, transfer),
      ready: (askId) => this.#asks.close(askId)?.resolve(undefined),
      overrun: (to, method, count) => this.deadLetter(to, method, "overrun", count),
    });
  }

  /** The actors that live here, the kernel left out. */
  get cells(): readonly Cell[] {
    const kernel = kernelId(this.id);
    return [...this.#cells.values()].filter((cell) => cell.id !== kernel);
  }

  cell(id: ActorId): Cell | undefined {
    return this.#cells.get(id);
  }

  /** Messages that wait for room elsewhere. */
  get held(): number {
    return this.#outflow.size;
  }

  /** The asks that have no reply yet. */
  get asking(): Iterable<OpenAsk> {
    return this.#asks.waiting;
  }

  /** How many they are. */
  get pending(): number {
    return this.#asks.size;
  }

  // ------------------------------------------------------------ messages out

  ask(
    by: Cell | undefined,
    to: ActorId,
    method: string,
    args: unknown[] | Sealed,
    options: CallOptions,
    spent: number = 0,
  ): Promise<unknown> {
    const { transfer } = options;
    const refuse = (error: Error): Promise<never> => Promise.reject(error);
    const refused = this.#refusal(by, to, method, options, spent) ?? this.#circle(by, to, method);
    if (refused !== undefined) return refuse(refused);
    const chain = by?.chain;
    let encoded: Encoded;
    try {
      encoded = args instanceof Sealed ? args.encoded : encode(args, "args", transfer);
    } catch (error) {
      return refuse(error as Error);
    }
    return new Promise((resolve, reject) => {
      const { id, left } = this.#open(by, to, method, options, spent, resolve, reject);
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
    if (this.#closed || by?.state === "dead") return this.deadLetter(to, method, "stopped");
    // A dead target is no error of the teller; a value that cannot cross is.
    const encoded = args instanceof Sealed ? args.encoded : encode(args, "args", options.transfer);
    if (this.#endOf(to) !== undefined) return this.deadLetter(to, method, "noproc");
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
    const refused = this.#refusal(by, to, "ready", options, spent);
    if (refused !== undefined) return Promise.reject(refused);
    const here = nodeOf(to) === this.id;
    const cell = this.#cells.get(to);
    if (here && cell === undefined) {
      return Promise.reject(new NoProcError(to, "ready", NOPROC, "no"));
    }
    const room = cell === undefined ? this.#outflow.hasRoom(to) : !cell.crowded(this.id);
    if (room) return Promise.resolve();
    const circle = this.#circle(by, to, "ready");
    if (circle !== undefined) return Promise.reject(circle);
    return new Promise((resolve, reject) => {
      const settle = (): void => resolve();
      const { id } = this.#open(by, to, "ready", options, spent, settle, reject);
      this.#outflow.wait(to, id, by?.id, here);
    });
  }

  /** Why nothing can be asked of `to`, and nothing need be sent to find out. */
  #refusal(
    by: Cell | undefined,
    to: ActorId,
    method: string,
    { timeout = DEFAULT_ASK_TIMEOUT, signal }: CallOptions,
    spent: number,
  ): Error | undefined {
    if (!(timeout > 0)) {
      return new InvalidOptionError("timeout", timeout, "milliseconds above 0, or Infinity");
    }
    if (this.#closed || by?.state === "dead") {
      return new AskAbortedError(to, method, new Error("the asker has ended"), "no");
    }
    if (signal?.aborted) return new AskAbortedError(to, method, signal.reason, "no");
    if (spent >= timeout) return new AskTimeoutError(to, method, timeout, "no");
    const down = this.#endOf(to);
    return down && new NoProcError(nameOf(to), method, down, "no");
  }

  /** Why `by` would wait for itself if it waited for `to`. */
  #circle(by: Cell | undefined, to: ActorId, method: string): Error | undefined {
    const chain = by?.chain;
    if (by === undefined || chain === undefined) return undefined;
    if (by.id === to) return new CallingSelfError(by.label, method);
    return chain.includes(to) ? new DeadlockError(to, method, chain) : undefined;
  }

  #open(
    by: Cell | undefined,
    to: ActorId,
    method: string,
    { timeout = DEFAULT_ASK_TIMEOUT, signal }: CallOptions,
    spent: number,
    resolve: (value: unknown) => void,
    reject: (error: Error) => void,
  ): { readonly id: number; readonly left: number } {
    const left = timeout - spent;
    const abort = signal && (() => this.#asks.abort(id, signal.reason));
    const id = this.#asks.open({
      to,
      method,
      timeout,
      home: by ?? this.outside,
      by: by?.id,
      resolve,
      reject,
      cleanUp: abort && (() => signal.removeEventListener("abort", abort)),
    }, left);
    if (abort) signal.addEventListener("abort", abort, { once: true });
    return { id, left };
  }

  /** Messages within a node go straight into the mailbox, which is no further away than any other place to wait. */
  #request(
    by: Cell | undefined,
    envelope: RequestEnvelope,
    transfer: readonly ArrayBuffer[],
  ): void {
    if (nodeOf(envelope.to) === this.id) return this.receive(envelope, this.id);
    this.#outflow.send(envelope, transfer, by?.id);
  }

  /** How `id` ended, as far as is known here. */
  #endOf(id: ActorId): ExitReason | undefined {
    const node = nodeOf(id);
    if (node === NOWHERE) return NOPROC;
    return this.host.down(node) ?? this.#obituaries.get(id);
  }

  reply(request: Request, outcome: Outcome): void {
    if (request.replyTo === undefined) return;
    if (request.cancelledAt !== undefined) {
      const lateBy = this.host.clock.now() - request.cancelledAt;
      return this.event("ask.late_reply", undefined, { method: request.method, lateBy });
    }
    const failed = "error" in outcome;
    const encoded = failed ? encode(outcome.error, "error") : outcome.encoded;
    this.#dispatch(
      request.replyTo,
      replyEnvelope(request.ask, encoded, failed),
      encoded.transfer,
    );
  }

  replyDeadlock(target: ActorId, request: Request): void {
    this.reply(request, { error: new DeadlockError(target, request.method, request.chain) });
  }

  post(to: NodeId, envelope: Envelope): void {
    this.#dispatch(to, envelope, []);
  }

  #dispatch(to: NodeId, envelope: Envelope, transfer: readonly ArrayBuffer[]): void {
    if (to === this.id) this.receive(envelope, this.id);
    else this.host.send(to, envelope, transfer);
  }

  /** An envelope that was handed to the host did not cross after all. */
  undeliverable(envelope: Envelope, cause: Error): void {
    const error = new NotCloneableError("A value in a message", cause.message, { cause });
    if (envelope.kind === "ask") return this.#asks.close(envelope.id)?.reject(error);
    if (envelope.kind === "tell") {
      return this.deadLetter(envelope.to, envelope.method, "not_cloneable");
    }
  }

  /** The reply `ask` that should have gone to `to` does not cross: say so instead. */
  undeliverableReply(to: NodeId, ask: number, cause: Error): void {
    const error = new NotCloneableError("A value in the answer", cause.message, { cause });
    this.#dispatch(to, replyEnvelope(ask, encode(error, "error"), true), []);
  }

  // ------------------------------------------------------------ messages in

  /** Takes what came from `from` in one turn, and lets the actors handle it. */
  receiveAll(envelopes: readonly Envelope[], from: NodeId): void {
    for (const envelope of envelopes) this.receive(envelope, from);
    this.#drain();
  }

  receive(envelope: Envelope, from: NodeId): void {
    switch (envelope.kind) {
      case "ask":
      case "tell":
        return this.#receiveRequest(envelope, from);
      case "reply":
        return this.#receiveReply(envelope);
      case "cancel":
        return this.#cells.get(envelope.to)?.cancel(
          from,
          envelope.id,
          new Error("the caller gave up"),
        );
      case "monitor":
        return this.#receiveMonitor(envelope, from);
      case "demonitor":
        return this.#monitors.removeWatcher(envelope.to, envelope);
      case "down":
        return this.#receiveDown(envelope);
      case "link":
        return this.#receiveLink(envelope.to, envelope.by);
      case "unlink":
        this.#cells.get(envelope.to)?.links.delete(envelope.by);
        return;
      case "exit":
        return this.#exitSignal(envelope.to, envelope.by, this.#reasonOf(envelope));
      case "stop":
        return this.#cells.get(envelope.to)?.requestEnd(this.#reasonOf(envelope));
      case "kill":
        return this.#cells.get(envelope.to)?.kill(this.#reasonOf(envelope));
      case "poll":
        return this.#receivePoll(envelope.to, from);
      case "credit":
        return this.#outflow.credit(envelope);
      case "gone":
        return this.#gone(envelope.of, this.#reasonOf(envelope));
    }
  }

  #reasonOf(envelope: { readonly reason: unknown; readonly coded?: true }): ExitReason {
    const encoded = { value: envelope.reason, coded: envelope.coded === true };
    return decode(encoded, this.outside) as ExitReason;
  }

  #receiveRequest(envelope: Envelope & { kind: "ask" | "tell" }, from: NodeId): void {
    const cell = this.#cells.get(envelope.to);
    if (envelope.kind === "tell") {
      if (cell === undefined) return this.deadLetter(envelope.to, envelope.method, "noproc");
      return cell.offer(new Request(envelope, from, Infinity));
    }
    const { left } = envelope;
    const deadline = left === Infinity ? Infinity : this.host.clock.now() + left;
    const request = new Request(envelope, from, deadline);
    if (cell !== undefined) return cell.offer(request);
    this.reply(request, {
      error: new NoProcError(envelope.to, envelope.method, NOPROC, "no"),
    });
  }

  #receiveReply(envelope: ReplyEnvelope): void {
    const ask = this.#asks.close(envelope.id);
    if (ask === undefined) {
      const late = this.#asks.late(envelope.id);
      if (late !== undefined) {
        const { to, method } = late.ask;
        this.event("ask.late_reply", undefined, { to, method, lateBy: late.lateBy });
      }
      return;
    }
    const value = decode(envelope, ask.home);
    if (envelope.failed) ask.reject(value as Error);
    else ask.resolve(value);
  }

  #receivePoll(to: ActorId, from: NodeId): void {
    const cell = this.#cells.get(to);
    if (cell !== undefined && cell.state !== "dead") return cell.poll(from);
    this.turnAway(to, [from], cell?.reason ?? NOPROC);
  }

  /** Tells `nodes`, which wait for room at `id`, that it ended. */
  turnAway(id: ActorId, nodes: readonly NodeId[], reason: ExitReason): void {
    for (const node of nodes) {
      const { value, coded } = encodeReason(reason);
      this.post(node, { kind: "gone", of: id, reason: value, ...(coded && { coded }) });
    }
  }

  /** `id` ended, which is known although nobody here may have watched it. */
  #gone(id: ActorId, reason: ExitReason): void {
    this.#obituaries.set(id, reason);
    this.#giveBack(this.#outflow.close(id), reason);
  }

  /** What waited for room at somebody who is gone was not sent. */
  #giveBack(held: readonly Held[], reason: ExitReason): void {
    for (const { ask, envelope } of held) {
      if (ask !== undefined) this.#asks.fail(ask, reason, "no");
      else if (envelope !== undefined) this.deadLetter(envelope.to, envelope.method, "noproc");
    }
  }

  #receiveMonitor(envelope: Envelope & { kind: "monitor" }, from: NodeId): void {
    const cell = this.#cells.get(envelope.to);
    // Of one that is being buried nobody hears before its names are free.
    if (cell !== undefined) {
      const { id, by } = envelope;
      return this.#monitors.addWatcher(envelope.to, { id, by, late: cell.state === "dead" });
    }
    this.#dispatch(from, { kind: "down", id: envelope.id, reason: NOPROC }, []);
  }

  #receiveDown(envelope: Envelope & { kind: "down" }): void {
    const reason = this.#reasonOf(envelope);
    const target = this.#monitors.targetOf(envelope.id);
    if (target !== undefined) this.#gone(target, reason);
    this.#monitors.fire(envelope.id, reason);
  }

  #receiveLink(to: ActorId, by: ActorId): void {
    const cell = this.#cells.get(to);
    if (cell === undefined) this.#sendExit(by, to, NOPROC);
    else if (cell.state === "dead") void cell.ended.then(() => this.#sendExit(by, to, NOPROC));
    else cell.links.set(by, this.host.clock.now());
    if (this.host.down(nodeOf(by)) !== undefined) this.#exitSignal(to, by, NOPROC);
  }

  // ------------------------------------------------------------ turns

  /** `cell` may have something to do. */
  ready(cell: Cell): void {
    if (!cell.runnable || this.#queued.has(cell)) return;
    this.#queued.add(cell);
    this.#ready.push(cell);
    if (this.#scheduled || this.#draining) return;
    this.#scheduled = true;
    queueMicrotask(() => this.#drain());
  }

  #drain(): void {
    this.#scheduled = false;
    if (this.#draining) return;
    this.#draining = true;
    let budget = NODE_BUDGET;
    while (this.#ready.length > 0 && budget > 0) {
      const turn = this.#ready;
      this.#ready = [];
      for (const cell of turn) {
        this.#queued.delete(cell);
        budget -= cell.run(CELL_BUDGET);
        this.ready(cell);
      }
    }
    this.#draining = false;
    if (this.#ready.length === 0 || this.#scheduled) return;
    this.#scheduled = true;
    this.host.yield(() => this.#drain());
  }

  timer(cell: Cell, ms: number, fn: () => void | Promise<void>): Disposable {
    let on = true;
    const timer = this.host.clock.setTimeout(() => {
      cell.timers.delete(handle);
      cell.post(() => on ? fn() : undefined);
    }, ms);
    const handle: Disposable = {
      [Symbol.dispose]: () => {
        on = false;
        cell.timers.delete(handle);
        timer[Symbol.dispose]();
      },
    };
    cell.timers.add(handle);
    return handle;
  }

  // ------------------------------------------------------------ birth

  /** The actor that manages this node, under the number that all nodes keep for it. Its methods overlap. */
  installKernel(methods: Protocol): void {
    const definition = actor(() => methods, { interleaving: Object.keys(methods) });
    const cell = new Cell(this, kernelId(this.id), definition, `kernel ${this.id}`, {
      sturdy: true,
    });
    this.#cells.set(cell.id, cell);
    void cell.start(definition, undefined, makeContext(cell, this));
  }

  async spawn<A, P extends Protocol>(
    by: Cell | undefined,
    definition: ActorDefinition<A, P>,
    args: A,
    options: SpawnOptions & { readonly link?: boolean },
  ): Promise<ActorRef<P>> {
    const bonds = { parent: by?.id, link: options.link === true, monitor: undefined };
    return await this.#spawn(by, definition, args, options, bonds);
  }

  /** Spawns, and watches from the first moment on: `ended` tells how the actor ended, even if it did at once. */
  async spawnMonitored<A, P extends Protocol>(
    by: Cell,
    definition: ActorDefinition<A, P>,
    args: A,
    options: SpawnOptions & { readonly link?: boolean },
  ): Promise<Spawned<P>> {
    let down!: (reason: ExitReason) => void;
    const ended = new Promise<ExitReason>((resolve) => (down = resolve));
    const monitor = this.#watching(actorId(NOWHERE, 0), by.id, down);
    const bonds = { parent: by.id, link: options.link === true, monitor };
    try {
      const ref = await this.#spawn<A, P>(by, definition, args, options, bonds);
      this.#monitors.aim(monitor, ref.id);
      // Its node may have ended while the news of its birth was on the way.
      const gone = this.host.down(ref.node);
      if (gone !== undefined) this.#monitors.fire(monitor, gone);
      return { ref, ended };
    } catch (error) {
      this.#monitors.forget(monitor);
      throw error;
    }
  }

  async #spawn<A, P extends Protocol>(
    by: Cell | undefined,
    definition: ActorDefinition<A, P>,
    args: A,
    options: SpawnOptions,
    bonds: Bonds,
  ): Promise<ActorRef<P>> {
    if (!isDefinition(definition)) {
      throw new InvalidOptionError("definition", definition, "what actor() or fromModule() gave");
    }
    checkSpawnOptions(options);
    const { placement = "local", signal } = options;
    if (signal?.aborted) throw toError(signal.reason);
    const id = placement === "local"
      ? await this.spawnHere(definition, args, options, bonds)
      : await this.host.spawn({ definition, args, options, bonds });
    const ref = makeRef<P>(by ?? this.outside, id, options.name);
    if (by?.state === "dead" || signal?.aborted) {
      await this.kill(id);
      throw new AskAbortedError(
        ref.toString(),
        "init",
        signal?.reason ?? "its parent ended",
        "yes",
      );
    }
    if (bonds.link && by !== undefined) this.link(by, id);
    return ref;
  }

  /**
   * Starts an actor on this node.
   *
   * @param spent milliseconds of `startTimeout` that are over already
   */
  async spawnHere(
    definition: ActorDefinition<never, Protocol>,
    args: unknown,
    options: SpawnOptions,
    bonds: Bonds,
    spent: number = 0,
  ): Promise<ActorId> {
    const { parent } = bonds;
    const { name, meta = {}, startTimeout = DEFAULT_START_TIMEOUT, signal } = options;
    const id = actorId(this.id, ++this.#number);
    const what = name ?? id;
    const begun = this.host.clock.now();
    const loaded = definition.source === undefined
      ? definition
      : await this.#within(startTimeout, signal, what, this.host.load(definition.source), spent)
        .catch((error) => {
          throw error instanceof StartFailedError ? error : new StartFailedError(what, error);
        });
    const before = spent + this.host.clock.now() - begun;
    const cell = new Cell(this, id, loaded, name, { mailbox: options.mailbox, parent });
    this.#cells.set(id, cell);
    if (parent !== undefined && bonds.link) cell.links.set(parent, this.host.clock.now());
    if (parent !== undefined && bonds.monitor !== undefined) {
      this.#monitors.addWatcher(id, { id: bonds.monitor, by: parent, late: false });
    }
    try {
      if (name !== undefined) await this.names.claim(name, id, meta);
      const started = await this.#within(
        startTimeout,
        signal,
        what,
        cell.start(loaded, args, makeContext(cell, this)),
        before,
      );
      if (started === "ignored") throw new StartIgnoredError(what);
      if (started === "killed") throw new StartFailedError(what, reasonError(cell.reason));
    } catch (error) {
      const ignored = error instanceof StartIgnoredError;
      cell.kill(ignored ? NORMAL : errorReason(error));
      await cell.ended;
      if (ignored || error instanceof AlreadyRegisteredError) throw error;
      throw error instanceof StartFailedError ? error : new StartFailedError(what, error);
    }
    this.event("actor.started", cell, { kind: cell.kind });
    return id;
  }

  /** `work`, or the error of whichever of time and signal comes first. Of `ms`, `spent` are over. */
  #within<T>(
    ms: number,
    signal: AbortSignal | undefined,
    what: string,
    work: Promise<T>,
    spent: number,
  ): Promise<T> {
    const left = Math.max(1, ms - spent);
    const rest = spent < 1 ? "" : `, of which ${Math.round(left)} ms were left when it began`;
    return new Promise((resolve, reject) => {
      const timer = ms === Infinity ? undefined : this.host.clock.setTimeout(() => {
        reject(new StartFailedError(what, new Error(`it was not ready within ${ms} ms${rest}`)));
      }, left);
      const abort = (): void => reject(toError(signal?.reason));
      signal?.addEventListener("abort", abort, { once: true });
      work.then(resolve, reject).finally(() => {
        timer?.[Symbol.dispose]();
        signal?.removeEventListener("abort", abort);
      });
    });
  }

  // ------------------------------------------------------------ death

  /** Asks `id` to stop; after `timeout` ms it is killed. Gives how it ended. */
  async stop(
    id: ActorId,
    options: { readonly reason?: ExitReason; readonly timeout?: number } = {},
  ): Promise<ExitReason> {
    const { reason = SHUTDOWN, timeout = DEFAULT_ASK_TIMEOUT } = options;
    const ended = this.#watch(undefined, id);
    const encoded = encode(reason, "reason");
    this.#dispatch(nodeOf(id), {
      kind: "stop",
      to: id,
      reason: encoded.value,
      ...(encoded.coded && { coded: true }),
    }, []);
    if (timeout === Infinity) return await ended;
    const timer = this.host.clock.setTimeout(() => void this.kill(id), timeout);
    try {
      return await ended;
    } finally {
      timer[Symbol.dispose]();
    }
  }

  /** Ends `id` without its consent. Gives how it ended. */
  kill(id: ActorId): Promise<ExitReason> {
    const ended = this.#watch(undefined, id);
    if (nodeOf(id) === this.id) this.#cells.get(id)?.kill(KILLED);
    else this.host.kill(id);
    return ended;
  }

  /** Settles with the reason of `id`'s end. */
  down(id: ActorId): Promise<ExitReason> {
    return this.#watch(undefined, id);
  }

  #watch(by: ActorId | undefined, target: ActorId): Promise<ExitReason> {
    return new Promise((resolve) => void this.#setMonitor(by, target, resolve));
  }

  monitor(cell: Cell, ref: AnyRef, on: (down: Down) => void | Promise<void>): Monitor {
    let live = true;
    const id = this.#setMonitor(cell.id, ref.id, (reason) => {
      cell.post(() => live ? on({ ref, reason }) : undefined);
    });
    return {
      ref,
      [Symbol.dispose]: () => {
        if (!live) return;
        live = false;
        this.#monitors.forget(id);
        this.#dispatch(nodeOf(ref.id), { kind: "demonitor", to: ref.id, id, by: cell.id }, []);
      },
    };
  }

  #watching(
    target: ActorId,
    by: ActorId | undefined,
    down: (reason: ExitReason) => void,
  ): number {
    return this.#monitors.watch(target, by, down, this.host.clock.now());
  }

  #setMonitor(
    by: ActorId | undefined,
    target: ActorId,
    down: (reason: ExitReason) => void,
  ): number {
    const id = this.#watching(target, by, down);
    if (this.#endOf(target) !== undefined) {
      queueMicrotask(() => this.#monitors.fire(id, NOPROC));
      return id;
    }
    const watcher = by ?? kernelId(this.id);
    this.#dispatch(nodeOf(target), { kind: "monitor", to: target, id, by: watcher }, []);
    return id;
  }

  link(cell: Cell, to: ActorId): void {
    cell.links.set(to, this.host.clock.now());
    if (this.#endOf(to) !== undefined) return this.#exitSignal(cell.id, to, NOPROC);
    this.#dispatch(nodeOf(to), { kind: "link", to, by: cell.id }, []);
  }

  unlink(cell: Cell, to: ActorId): void {
    cell.links.delete(to);
    this.#dispatch(nodeOf(to), { kind: "unlink", to, by: cell.id }, []);
  }

  #sendExit(to: ActorId, by: ActorId, reason: ExitReason): void {
    const encoded = encode(reason, "reason");
    this.#dispatch(nodeOf(to), {
      kind: "exit",
      to,
      by,
      reason: encoded.value,
      ...(encoded.coded && { coded: true }),
    }, []);
  }

  /** A linked actor ended (OTP: exit signal, U8 and T15). */
  #exitSignal(to: ActorId, by: ActorId, reason: ExitReason): void {
    const cell = this.#cells.get(to);
    if (cell === undefined || !cell.links.delete(by)) return;
    const { trap } = cell;
    // Its parent's end is also that of an actor which traps exits (OTP: T14), whatever the reason.
    if (trap !== undefined && by !== cell.parent) {
      const ref = makeRef(cell, by, undefined);
      return cell.post(() => trap({ ref, reason }));
    }
    if (trap !== undefined || reason.kind !== "normal") cell.requestEnd(reason);
  }

  /** What is to be done when `cell` has ended: names, then monitors and links, then the host. */
  async bury(cell: Cell, reason: ExitReason): Promise<void> {
    this.#asks.abandon(cell.id);
    this.#outflow.hurry(cell.id);
    for (const { id, target } of this.#monitors.takeOf(cell.id)) {
      if (nodeOf(target) === NOWHERE) continue;
      this.#dispatch(nodeOf(target), { kind: "demonitor", to: target, id, by: cell.id }, []);
    }
    if (this.names.holds(cell.id)) await this.names.release(cell.id);
    this.#cells.delete(cell.id);
    for (const watcher of this.#monitors.takeWatchers(cell.id)) {
      const encoded = encodeReason(watcher.late ? NOPROC : reason);
      this.#dispatch(nodeOf(watcher.by), {
        kind: "down",
        id: watcher.id,
        reason: encoded.value,
        ...(encoded.coded && { coded: true }),
      }, []);
    }
    for (const linked of cell.links.keys()) this.#sendExit(linked, cell.id, reason);
    this.event("actor.exited", cell, { reason });
    this.host.ended(cell.id, reason);
  }

  /** No reply from `node` can come any more; its actors' watchers are told by {@linkcode nodeDown}. */
  lostNode(node: NodeId, reason: ExitReason): void {
    this.#giveBack(this.#outflow.closeNode(node), reason);
    this.#asks.failNode(node, reason);
  }

  /**
   * All actors of `node` ended with it. Called by the host, after the last message from there.
   *
   * @param goneSince when its actors had ended by themselves, where they had: who watches since later is told `noproc`
   */
  nodeDown(node: NodeId, reason: ExitReason, goneSince: number = Infinity): void {
    this.lostNode(node, reason);
    this.#monitors.forgetWatchersOn(node);
    this.#monitors.fireNode(node, reason, goneSince);
    for (const cell of this.#cells.values()) {
      cell.forget(node);
      for (const [linked, since] of cell.links) {
        if (nodeOf(linked) !== node) continue;
        this.#exitSignal(cell.id, linked, since > goneSince ? NOPROC : reason);
      }
    }
    this.#drain();
  }

  // ------------------------------------------------------------ events, end

  event(kind: string, cell: Cell | undefined, data: Readonly<Record<string, unknown>>): void {
    this.host.emit({
      kind,
      at: this.host.clock.now(),
      node: this.id,
      actor: cell?.id,
      name: cell?.name,
      data,
    });
  }

  /** @param count so many, where that is not one event each */
  deadLetter(to: ActorId, method: string, why: string, count?: number): void {
    const data = { to, method, why, ...(count !== undefined && { count }) };
    this.event("deadletter", undefined, data);
  }

  /** Sends what waits for room at once: this node is about to end, and who is told of that must have heard what came before. */
  hurry(): void {
    this.#outflow.hurryAll();
  }

  /** Ends every actor and settles every ask. */
  async close(): Promise<void> {
    const cells = this.cells;
    for (const cell of cells) cell.kill(KILLED);
    await Promise.all(cells.map((cell) => cell.ended));
    this.#closed = true;
    this.#closing.abort(new SystemClosedError("The system was shut down"));
    this.#asks.abandonAll(new Error("the system was shut down"));
    this.#outflow.clear();
  }
}

function replyEnvelope(id: number, encoded: Encoded, failed: boolean): ReplyEnvelope {
  return {
    kind: "reply",
    id,
    value: encoded.value,
    coded: encoded.coded,
    failed,
  };
}

/** A reason whose content does not cross a thread is told without it. */
function encodeReason(reason: ExitReason): Encoded {
  try {
    return encode(reason, "reason");
  } catch (error) {
    return encode({ kind: reason.kind, detail: toError(error).message }, "reason");
  }
}

function reasonError(reason: ExitReason | undefined): Error {
  if (reason?.kind === "error") return reason.error;
  return new Error(`it ended with ${reason?.kind ?? "no reason"}`);
}

function mergeMeta(
  inherited: Readonly<Record<string, string>> | undefined,
  own: Readonly<Record<string, string>> | undefined,
): Readonly<Record<string, string>> | undefined {
  if (inherited === undefined || inherited === NO_META) return own;
  return own === undefined ? inherited : { ...inherited, ...own };
}
