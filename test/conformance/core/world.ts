import assert from "node:assert/strict";
import type {
  ActorDefinition,
  ActorId,
  AnyRef,
  ExitReason,
  NodeId,
  Protocol,
} from "../../../src/actor/mod.ts";
import { actor, describeReason, KILLED } from "../../../src/actor/mod.ts";
import { decide } from "../../../src/supervision/decide.ts";
import type { Answer, ChildCounts, ChildInfo, Effect } from "../../../src/supervision/effects.ts";
import type { Call, Event } from "../../../src/supervision/events.ts";
import type {
  DynamicSupervisorOptions,
  SupervisorOptions,
} from "../../../src/supervision/options.ts";
import { checkDynamicOptions, checkOptions } from "../../../src/supervision/options.ts";
import type { AnyChildSpec, ChildOptions } from "../../../src/supervision/spec.ts";
import { checkSpec, checkSpecs } from "../../../src/supervision/spec.ts";
import type { State } from "../../../src/supervision/state.ts";
import { initialDynamicState, initialState } from "../../../src/supervision/state.ts";
import { Scheduler } from "./scheduler.ts";

/** How the actors of one child behave. */
export interface Behaviour {
  /** What the n-th start comes to, from 1; default `up`. `{ info }`: up, with more to say. */
  readonly start?: (
    n: number,
    args: unknown,
  ) => "up" | "ignore" | Error | { readonly info: unknown };
  /** Milliseconds that a start takes; default 0. */
  readonly startMs?: number;
  /** Milliseconds that it takes to stop when asked; Infinity never does; default 0. */
  readonly stopMs?: number;
  /** What it ends with when asked to stop; default what it was asked with. */
  readonly stopReason?: ExitReason;
  /** It is a supervisor itself. */
  readonly tree?: (scheduler: Scheduler) => World;
}

interface FakeActor {
  readonly ref: AnyRef;
  readonly name: string;
  readonly behaviour: Behaviour;
  readonly tree: World | undefined;
  asked: boolean;
}

export const someActor: ActorDefinition<unknown, Protocol> = actor(() => ({}));

/** A child of the pure core: what `start` is does not matter there. */
export function spec(id: string, options: ChildOptions & { args?: unknown } = {}): AnyChildSpec {
  return { id, start: someActor, ...options };
}

export const CRASH: ExitReason = { kind: "error", error: new Error("boom") };
export const DETAIL: ExitReason = { kind: "shutdown", detail: "because" };

/** The core in a made-up world: actors that are only their behaviour, time that passes when told to. */
export class World {
  readonly scheduler: Scheduler;
  /** What happened, as texts: `start a`, `up a`, `stop a`, `kill a`, `down a shutdown`, `restart a`, `exit shutdown`... */
  readonly log: string[] = [];
  readonly events: Event[] = [];
  state: State;
  /** How the supervisor ended. */
  ended: ExitReason | undefined;
  isUp = false;
  /** Called when it is up or has ended. */
  onUp: (() => void) | undefined;
  onEnd: ((reason: ExitReason) => void) | undefined;
  readonly #behaviours: Readonly<Record<string, Behaviour>>;
  readonly #alive = new Map<ActorId, FakeActor>();
  readonly #starts = new Map<string, number>();
  readonly #timers = new Map<number, Disposable>();
  readonly #answers = new Map<number, Answer>();
  #lastRequest = 0;
  random: () => number = () => 0;

  constructor(
    state: State,
    behaviours: Readonly<Record<string, Behaviour>> = {},
    scheduler: Scheduler = new Scheduler(),
  ) {
    this.state = state;
    this.#behaviours = behaviours;
    this.scheduler = scheduler;
  }

  static of(
    options: SupervisorOptions,
    specs: readonly AnyChildSpec[],
    behaviours: Readonly<Record<string, Behaviour>> = {},
    scheduler: Scheduler = new Scheduler(),
  ): World {
    const flags = checkOptions(options);
    return new World(
      initialState(flags, checkSpecs(specs, flags.autoShutdown)),
      behaviours,
      scheduler,
    );
  }

  /** A dynamic supervisor; its children are called `child#1`, `child#2`... and behave as `child`. */
  static dynamic(
    options: DynamicSupervisorOptions,
    template: ChildOptions = {},
    behaviour: Behaviour = {},
    scheduler: Scheduler = new Scheduler(),
  ): World {
    const flags = checkDynamicOptions(options);
    const complete = checkSpec(spec("child", template), flags.autoShutdown);
    return new World(initialDynamicState(flags, complete), { child: behaviour }, scheduler);
  }

  /** Starts it and lets it come up (or not). */
  start(ms = 60_000): this {
    this.begin();
    if (ms > 0) this.settle(ms);
    return this;
  }

  begin(): void {
    this.post({ kind: "start" });
  }

  /** Lets everything happen that happens within `ms`, without letting time pass beyond the last of it. */
  settle(ms = 60_000): void {
    const until = this.scheduler.now + ms;
    while (this.scheduler.step(until));
  }

  run(ms: number): void {
    this.scheduler.run(ms);
  }

  post(event: Event): void {
    this.scheduler.in(0, () => this.handle(event));
  }

  handle(event: Event): void {
    this.events.push(event);
    const before = this.state;
    const { state, effects } = decide(before, event, this.scheduler.now, this.random);
    this.state = state;
    for (const effect of effects) this.#perform(effect);
  }

  // ------------------------------------------------------------ the actors

  /** The actor that is called so, whether it lives or not, as `a.2` for the second incarnation of `a`. */
  ref(name: string): AnyRef {
    const id = name as ActorId;
    return {
      id,
      node: "main" as NodeId,
      name: undefined,
      as: () => assert.fail("a fake ref"),
    } as AnyRef;
  }

  /** The incarnation of `id` that lives. */
  living(id: string): string | undefined {
    for (const fake of this.#alive.values()) if (fake.name === id) return fake.ref.id;
    return undefined;
  }

  /** Incarnations that live, in order of starting. */
  get alive(): string[] {
    return [...this.#alive.keys()];
  }

  /** The inner world of a living child that is a supervisor. */
  tree(id: string): World {
    for (const fake of this.#alive.values()) {
      if (fake.name === id && fake.tree) return fake.tree;
    }
    return assert.fail(`No tree ${id}`);
  }

  /** Ends the living incarnation of `id`; the supervisor hears of it in its turn. */
  die(id: string, reason: ExitReason = CRASH): void {
    const actor = this.living(id);
    assert.ok(actor !== undefined, `${id} does not live`);
    this.#end(actor as ActorId, reason);
  }

  /** The same, and everything that follows. */
  crash(id: string, reason: ExitReason = CRASH, ms = 60_000): void {
    this.die(id, reason);
    this.settle(ms);
  }

  /** Ends the supervisor and its children at once, as a kill does (T15). */
  kill(reason: ExitReason = KILLED): void {
    for (const id of [...this.#alive.keys()]) this.#end(id, reason);
    this.#finish(reason);
  }

  #end(actor: ActorId, reason: ExitReason): void {
    const fake = this.#alive.get(actor);
    if (fake === undefined) return;
    this.#alive.delete(actor);
    if (fake.tree !== undefined && fake.tree.ended === undefined) fake.tree.kill(reason);
    this.log.push(`down ${fake.name} ${describeReason(reason)}`);
    this.post({ kind: "exited", actor, reason });
    if (fake.asked) this.post({ kind: "stopped", actor, reason });
  }

  #start({ token, spec: { id, args } }: Effect & { kind: "start" }): void {
    const behaviour = this.#behaviours[id] ?? {};
    const n = (this.#starts.get(id) ?? 0) + 1;
    this.#starts.set(id, n);
    this.log.push(`start ${id}`);
    if (behaviour.tree !== undefined) return this.#startTree(token, id, n, behaviour);
    this.scheduler.in(behaviour.startMs ?? 0, () => {
      const outcome = behaviour.start?.(n, args) ?? "up";
      if (outcome === "ignore") return this.post({ kind: "start_ignored", token });
      if (outcome instanceof Error) {
        return this.post({ kind: "start_failed", token, error: outcome });
      }
      this.#up(token, id, n, behaviour, undefined, outcome === "up" ? undefined : outcome.info);
    });
  }

  #startTree(token: number, id: string, n: number, behaviour: Behaviour): void {
    const tree = behaviour.tree?.(this.scheduler);
    if (tree === undefined) return;
    tree.onUp = () => this.#up(token, id, n, behaviour, tree, undefined);
    tree.onEnd = (reason) => {
      const actor = this.#alive.get(`${id}.${n}` as ActorId);
      if (actor !== undefined) return this.#end(actor.ref.id, reason);
      const error = reason.kind === "shutdown" ? reason.detail as Error : new Error("not up");
      this.post({ kind: "start_failed", token, error });
    };
    tree.begin();
  }

  #up(
    token: number,
    id: string,
    n: number,
    behaviour: Behaviour,
    tree: World | undefined,
    info: unknown,
  ): void {
    const ref = this.ref(`${id}.${n}`);
    this.#alive.set(ref.id, { ref, name: id, behaviour, tree, asked: false });
    this.log.push(`up ${id}`);
    this.post({ kind: "started", token, ref, info });
  }

  #stop({ ref, reason, timeout }: Effect & { kind: "stop" }): void {
    const fake = this.#alive.get(ref.id);
    if (fake === undefined) {
      return this.post({ kind: "stopped", actor: ref.id, reason: { kind: "noproc" } });
    }
    fake.asked = true;
    this.log.push(`${timeout === "brutal_kill" ? "kill" : "stop"} ${fake.name}`);
    if (timeout === "brutal_kill") return this.#end(ref.id, KILLED);
    const { stopMs = 0, stopReason = reason } = fake.behaviour;
    if (fake.tree !== undefined) fake.tree.post({ kind: "shutdown", reason });
    else if (stopMs !== Infinity) this.scheduler.in(stopMs, () => this.#end(ref.id, stopReason));
    if (timeout !== "infinity") this.scheduler.in(timeout, () => this.#end(ref.id, KILLED));
  }

  // ------------------------------------------------------------ effects

  #perform(effect: Effect): void {
    switch (effect.kind) {
      case "start":
        return this.#start(effect);
      case "stop":
        return this.#stop(effect);
      case "try_again":
        return this.post(effect);
      case "backoff": {
        const { key, token, ms } = effect;
        this.log.push(`pause ${key} ${ms}`);
        const timer = this.scheduler.in(
          ms,
          () => this.handle({ kind: "backoff_elapsed", key, token }),
        );
        this.#timers.set(token, timer);
        return;
      }
      case "cancel_backoff":
        this.log.push("cancel");
        this.#timers.get(effect.token)?.[Symbol.dispose]();
        return;
      case "reply":
        this.#answers.set(effect.request, effect.answer);
        return;
      case "report":
        this.log.push(`${effect.report.kind} ${effect.report.id}`);
        return;
      case "up":
        this.isUp = true;
        return this.onUp?.();
      case "exit":
        this.log.push(`exit ${describeReason(effect.reason)}`);
        return this.#finish(effect.reason);
    }
  }

  #finish(reason: ExitReason): void {
    this.ended = reason;
    this.onEnd?.(reason);
  }

  // ------------------------------------------------------------ requests

  /** Sends a request; the answer is read later. */
  send(call: Call): () => Answer | undefined {
    const request = ++this.#lastRequest;
    this.post({ kind: "request", request, call });
    return () => this.#answers.get(request);
  }

  /** Sends a request and lets everything happen until the answer is there. */
  ask(call: Call, ms = 60_000): Answer {
    const answer = this.send(call);
    const until = this.scheduler.now + ms;
    while (answer() === undefined && this.scheduler.step(until));
    return answer() ?? assert.fail(`No answer to ${call.kind}`);
  }

  /** The same; the answer in short: the code of the error, the ref's id, or the value. */
  say(call: Call): unknown {
    const answer = this.ask(call);
    if (!answer.ok) return (answer.error as unknown as { code: string }).code;
    const { value } = answer;
    if (value === undefined || !("ref" in value)) return value ?? "ok";
    return value.ref?.id ?? "ignored";
  }

  startChild(child: AnyChildSpec): unknown {
    return this.say({ kind: "start_child", spec: child });
  }

  startDynamic(args?: unknown): unknown {
    return this.say({ kind: "start_dynamic", args, options: {} });
  }

  terminate(child: string): unknown {
    return this.say({ kind: "terminate_child", child: this.#designate(child) });
  }

  restart(child: string): unknown {
    return this.say({ kind: "restart_child", child: this.#designate(child) });
  }

  delete(child: string): unknown {
    return this.say({ kind: "delete_child", child: this.#designate(child) });
  }

  /** Texts with a point are incarnations. */
  #designate(child: string): { id: string } | { actor: ActorId } {
    return child.includes(".") ? { actor: child as ActorId } : { id: child };
  }

  counts(): ChildCounts {
    return this.say({ kind: "count_children" }) as ChildCounts;
  }

  /** The children, oldest first: `a=a.1`, `b=restarting`, `c=stopped`. */
  children(): string[] {
    const list = this.say({ kind: "which_children" }) as ChildInfo[];
    return list.map(({ id, ref }) => {
      const where = ref === undefined ? "stopped" : ref === "restarting" ? ref : ref.id;
      return id === undefined ? where : `${id}=${where}`;
    }).reverse();
  }

  /** What happened since the last call, without lines that begin with one of `without`. */
  take(...without: string[]): string[] {
    const taken = this.log.splice(0);
    return taken.filter((line) => !without.some((word) => line.startsWith(word)));
  }

  /** Only the starts and stops since the last call. */
  moves(): string[] {
    return this.take().filter((line) => /^(start|stop|kill) /.test(line));
  }

  /** Asks the supervisor to end, and lets it. */
  stop(reason: ExitReason = { kind: "shutdown" }, ms = 60_000): ExitReason | undefined {
    this.post({ kind: "shutdown", reason });
    this.settle(ms);
    return this.ended;
  }
}
