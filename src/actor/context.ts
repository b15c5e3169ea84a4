import type { Clock } from "./clock.ts";
import type { ActorDefinition } from "./definition.ts";
import type { Disk } from "./disk.ts";
import type { ExitReason } from "./exit_reason.ts";
import type { Hashing } from "./hashing.ts";
import type { ActorId } from "./ids.ts";
import type { Down, Monitor } from "./monitor.ts";
import type { Registry } from "./naming.ts";
import type { SpawnOptions } from "./options.ts";
import type { Protocol } from "./protocol.ts";
import type { Random } from "./random.ts";
import type { ActorRef, AnyRef } from "./ref.ts";

/** The request being served. */
export interface RequestInfo {
  /** Unique in the system. */
  readonly id: string;
  /** Who asks; undefined from outside of actors. */
  readonly from: ActorId | undefined;
  readonly method: string;
  readonly meta: Readonly<Record<string, string>>;
  /** The actors that wait for this request, the first asker first. */
  readonly chain: readonly ActorId[];
  /** When the caller gives up, on {@linkcode ActorContext.clock}; Infinity if never. */
  readonly deadline: number;
  /** Aborted when the caller gives up, or this actor ends. */
  readonly signal: AbortSignal;
}

/** What is read of an actor by those who look at the system. */
export type StatusValue = string | number | boolean | null;

/** All that an actor may know and do besides its own state. Time, chance, disk and network come from here and nowhere else. */
export interface ActorContext {
  readonly self: AnyRef;
  /** This actor's own ref, with its protocol. */
  selfAs<P extends Protocol>(): ActorRef<P>;
  /** Who spawned this actor; undefined if it was no actor. */
  readonly parent: ActorId | undefined;
  /** A ref to `id`, an address that came in a message or is known otherwise. */
  refTo<P extends Protocol>(id: ActorId): ActorRef<P>;
  /** Aborted when this actor is asked to stop or ends. */
  readonly signal: AbortSignal;
  /** The request being served; undefined in timers and monitors. Read it before the first `await`. */
  readonly request: RequestInfo | undefined;
  readonly clock: Clock;
  readonly random: Random;
  readonly disk: Disk;
  readonly hashing: Hashing;
  readonly registry: Registry;
  spawn<A, Q extends Protocol>(
    definition: ActorDefinition<A, Q>,
    args: A,
    options?: SpawnOptions & { readonly link?: boolean },
  ): Promise<ActorRef<Q>>;
  /** Spawns, and watches from the first moment on: `ended` tells how the actor ended, even if it did at once. It never rejects. */
  spawnMonitored<A, Q extends Protocol>(
    definition: ActorDefinition<A, Q>,
    args: A,
    options?: SpawnOptions & { readonly link?: boolean },
  ): Promise<{ readonly ref: ActorRef<Q>; readonly ended: Promise<ExitReason> }>;
  /** Asks `ref` to stop, gives how it ended. After `timeout` ms (default 5 000) it is killed. */
  stopActor(
    ref: AnyRef,
    options?: { readonly reason?: ExitReason; readonly timeout?: number },
  ): Promise<ExitReason>;
  /** Ends `ref` without its consent. */
  kill(ref: AnyRef): Promise<ExitReason>;
  /** Ends together with `ref`: an abnormal end of one ends the other (OTP's link). */
  link(ref: AnyRef): void;
  unlink(ref: AnyRef): void;
  /** `on` runs once, in this actor's turn, like any message. */
  monitor(ref: AnyRef, on: (down: Down) => void | Promise<void>): Monitor;
  /** Turns exits of linked actors into calls of `on` instead of ending this actor. */
  trapExits(on: (exit: Down) => void | Promise<void>): void;
  /** `fn` runs in this actor's turn, at least `ms` milliseconds from now. */
  after(ms: number, fn: () => void | Promise<void>): Disposable;
  /** Runs `fn` in this actor's turn; for callbacks that come from elsewhere. */
  post(fn: () => void | Promise<void>): void;
  /** Runs once before this actor ends, on every exit but a kill. */
  onTerminate(fn: (reason: ExitReason) => void | Promise<void>): void;
  /** Ends this actor at once: throws, so nothing after it runs. */
  stop(reason?: ExitReason): never;
  /** One event of the system's stream; `kind` names it, `data` must cross a thread. */
  emit(kind: string, data: Readonly<Record<string, unknown>>): void;
}
