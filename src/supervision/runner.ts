import type { ActorContext, ActorId, AnyRef, Down, ExitReason, Membership } from "../actor/mod.ts";
import { errorReason, StartFailedError, StartIgnoredError, toError } from "../actor/mod.ts";
import { decide } from "./decide.ts";
import type { Answer, Effect } from "./effects.ts";
import { ChildStartError } from "./errors.ts";
import type { Call, Event } from "./events.ts";
import type { PersistentQueue } from "./persistent_queue.ts";
import { emptyQueue, queueAdd, queueTake } from "./persistent_queue.ts";
import type { State } from "./state.ts";
import { runningChild } from "./table.ts";

/** Whoever waits for an answer. */
interface Waiting {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** Carries out in an actor what {@linkcode decide} decides. Decides nothing. */
export class Runner {
  readonly #ctx: ActorContext;
  #state: State;
  /** Events whose turn in the mailbox has not come; one turn was posted for each. */
  #queue: PersistentQueue<Event> = emptyQueue();
  /** Before it is up and once it ends, an actor has no turns: events are handled as they come. */
  #turns = false;
  readonly #requests = new Map<number, Waiting>();
  #lastRequest = 0;
  readonly #timers = new Map<number, Disposable>();
  readonly #expected = new Map<string, Promise<Membership | undefined>>();
  /** Children whose end was told by the monitor and that will also be told by the link. */
  readonly #told = new Set<ActorId>();
  #up!: Waiting;
  #ending = false;
  #ended!: () => void;
  readonly #end: Promise<void>;

  constructor(ctx: ActorContext, state: State) {
    this.#ctx = ctx;
    this.#state = state;
    this.#end = new Promise((resolve) => (this.#ended = resolve));
    ctx.trapExits((exit) => this.#exitOfLinked(exit));
    ctx.onTerminate((reason) => this.#terminate(reason));
  }

  /** Settles when all static children are up, or one did not start and those before it are stopped. */
  async start(): Promise<void> {
    await new Promise((resolve, reject) => {
      this.#up = { resolve, reject };
      this.#handle({ kind: "start" });
    });
    this.#turns = true;
  }

  /** Hands a request to the core; gives what `read` makes of its answer. */
  ask<T, R = T>(
    call: Call,
    read: (answer: T) => R = (answer) => answer as unknown as R,
  ): Promise<R> {
    return new Promise((resolve, reject) => {
      const request = ++this.#lastRequest;
      // Read here, not in a `then` of the caller: answers leave in the order in which they were given.
      this.#requests.set(request, { resolve: (value) => resolve(read(value as T)), reject });
      this.#handle({ kind: "request", request, call });
    });
  }

  #handle(event: Event): void {
    const { clock, random } = this.#ctx;
    const { state, effects } = decide(this.#state, event, clock.now(), () => random.next());
    this.#state = state;
    for (const effect of effects) this.#perform(effect);
  }

  /** Handles `event` when what is in the mailbox now is done. */
  #deliver(event: Event): void {
    if (!this.#turns) return this.#handle(event);
    this.#queue = queueAdd(this.#queue, event);
    this.#ctx.post(() => void this.#handleNext());
  }

  /** Handles the event that waited longest. False if there is none. */
  #handleNext(): boolean {
    const next = queueTake(this.#queue);
    if (next === undefined) return false;
    this.#queue = next.queue;
    this.#handle(next.item);
    return true;
  }

  #perform(effect: Effect): void {
    switch (effect.kind) {
      case "start":
        void this.#start(effect);
        return;
      case "stop":
        void this.#stop(effect);
        return;
      case "try_again":
        // Through a timer: a child that fails at once, for ever, must leave the thread time for others.
        this.#after(0, effect.token, { ...effect, kind: "try_again" });
        return;
      case "backoff":
        this.#after(effect.ms, effect.token, { ...effect, kind: "backoff_elapsed" });
        return;
      case "cancel_backoff":
        this.#timers.get(effect.token)?.[Symbol.dispose]();
        this.#timers.delete(effect.token);
        return;
      case "expect":
        return this.#expect(effect.added, effect.gone);
      case "reply":
        return this.#reply(effect.request, effect.answer);
      case "report": {
        const { kind, ...data } = effect.report;
        return this.#ctx.emit(`supervisor.${kind}`, data);
      }
      case "up":
        return this.#up.resolve(undefined);
      case "exit":
        return this.#exit(effect.reason);
    }
  }

  async #start({ token, spec }: Effect & { kind: "start" }): Promise<void> {
    let spawned: { readonly ref: AnyRef; readonly ended: Promise<ExitReason> };
    try {
      const options = { ...spec.options, link: true };
      spawned = await this.#ctx.spawnMonitored(spec.start, spec.args, options);
    } catch (thrown) {
      if (thrown instanceof StartIgnoredError) {
        return this.#deliver({ kind: "start_ignored", token });
      }
      return this.#deliver({ kind: "start_failed", token, error: startError(thrown) });
    }
    // First that it is up, then its end, which it may have met already.
    const { ref, ended } = spawned;
    this.#deliver({ kind: "started", token, ref });
    void ended.then((reason) => this.#ctx.post(() => this.#childEnded(ref.id, reason)));
  }

  async #stop({ ref, reason, timeout }: Effect & { kind: "stop" }): Promise<void> {
    let end: ExitReason;
    try {
      end = timeout === "brutal_kill" ? await this.#ctx.kill(ref) : await this.#ctx.stopActor(ref, {
        reason,
        timeout: timeout === "infinity" ? Infinity : timeout,
      });
    } catch (thrown) {
      end = errorReason(thrown);
    }
    this.#deliver({ kind: "stopped", actor: ref.id, reason: end });
  }

  #after(
    ms: number,
    token: number,
    event: Event & { readonly kind: "try_again" | "backoff_elapsed" },
  ): void {
    const timer = this.#ctx.after(ms, () => {
      this.#timers.delete(token);
      this.#handle({ kind: event.kind, key: event.key, token });
    });
    this.#timers.set(token, timer);
  }

  /** A registry that does not answer costs messages to a child in its pause, not the child. */
  #expect(added: readonly string[], gone: readonly string[]): void {
    for (const name of added) {
      const { self, registry } = this.#ctx;
      this.#expected.set(name, registry.expect(name, self).catch(() => undefined));
    }
    for (const name of gone) {
      void this.#expected.get(name)?.then((membership) => membership?.[Symbol.dispose]());
      this.#expected.delete(name);
    }
  }

  #reply(request: number, answer: Answer): void {
    const waiting = this.#requests.get(request);
    this.#requests.delete(request);
    if (answer.ok) waiting?.resolve(answer.value);
    else waiting?.reject(answer.error);
  }

  /** Runs in a turn of the actor. */
  #childEnded(actor: ActorId, reason: ExitReason): void {
    this.#told.add(actor);
    // The link's news is in the mailbox already if it comes at all: a child may have unlinked itself.
    this.#ctx.post(() => void this.#told.delete(actor));
    this.#handle({ kind: "exited", actor, reason });
  }

  /** The parent's end ends the supervisor (T14), that of a stranger is only told (T23). */
  #exitOfLinked({ ref, reason }: Down): void {
    if (ref.id === this.#ctx.parent) this.#ctx.stop(reason);
    // A child's end is told by its monitor, which was there before its init.
    const isChild = runningChild(this.#state.table, ref.id) !== undefined;
    if (isChild || this.#told.has(ref.id) || reason.kind === "noproc") return;
    this.#ctx.emit("supervisor.foreign_exit", { actor: ref.id, reason });
  }

  /** The core has stopped all children. */
  #exit(reason: ExitReason): void {
    this.#ended();
    if (this.#ending) return;
    const failed = reason.kind === "shutdown" && reason.detail instanceof ChildStartError;
    if (!this.#turns && failed) return this.#up.reject(reason.detail as ChildStartError);
    this.#ctx.post(() => this.#ctx.stop(reason));
  }

  /** The actor ends: children first. What waits for a turn gets none any more. */
  async #terminate(reason: ExitReason): Promise<void> {
    this.#ending = true;
    this.#turns = false;
    while (this.#handleNext());
    this.#handle({ kind: "shutdown", reason });
    await this.#end;
  }
}

/** What the child threw, without the wrapping of the spawn. */
function startError(thrown: unknown): Error {
  if (thrown instanceof StartFailedError && thrown.cause instanceof Error) return thrown.cause;
  return toError(thrown);
}
