import type { Clock } from "./clock.ts";
import type { ActorDefinition, ModuleSource } from "./definition.ts";
import type { Disk } from "./disk.ts";
import type { Envelope } from "./envelope.ts";
import type { ExitReason } from "./exit_reason.ts";
import type { Hashing } from "./hashing.ts";
import type { ActorId, NodeId } from "./ids.ts";
import type { Meta, Registry } from "./naming.ts";
import type { SpawnOptions } from "./options.ts";
import type { Protocol } from "./protocol.ts";
import type { Random } from "./random.ts";
import type { Home } from "./refs.ts";

/** One event of the system's stream. Console, logs, report and checkers are views of this one stream. */
export interface SystemEvent {
  /** What happened, as `actor.exited`. */
  readonly kind: string;
  /** Milliseconds on the clock that all threads of a system share. */
  readonly at: number;
  readonly node: NodeId;
  /** Whom it happened to. */
  readonly actor: ActorId | undefined;
  /** The name of that actor, if it has one. */
  readonly name: string | undefined;
  readonly data: Readonly<Record<string, unknown>>;
}

/** What ties a new actor to its spawner from its first moment on: what happens to it is known, however early it happens. */
export interface Bonds {
  readonly parent: ActorId | undefined;
  /** They end together. */
  readonly link: boolean;
  /** The number, on the parent's node, of the parent's monitor. */
  readonly monitor: number | undefined;
}

/** A spawn that the node itself cannot do, since the actor shall live elsewhere. */
export interface RemoteSpawn {
  readonly definition: ActorDefinition<never, Protocol>;
  readonly args: unknown;
  readonly options: SpawnOptions;
  readonly bonds: Bonds;
}

/** What a node of actors needs of the place it runs in: a thread, or a simulated world. */
export interface Host {
  readonly clock: Clock;
  readonly random: Random;
  readonly hashing: Hashing;
  /** The disk of the actor called `name`; it outlives the actor. */
  disk(id: ActorId, name: string | undefined): Disk;
  /** Carries `envelope` to another node, in order per pair of nodes, or loses it if that node ends. */
  send(to: NodeId, envelope: Envelope, transfer: readonly ArrayBuffer[]): void;
  /** Makes the way to `node`, so that the first message needs not wait for it. Absent where every way is there. */
  reach?(node: NodeId): void;
  /** Why `node` is gone; undefined while it lives, as far as is known here. */
  down(node: NodeId): ExitReason | undefined;
  /** Calls `fn` after everything else that waits had its turn. */
  yield(fn: () => void): void;
  /** The definition that a module exports. */
  load(source: ModuleSource): Promise<ActorDefinition<never, Protocol>>;
  /** Starts an actor on another node. */
  spawn(request: RemoteSpawn): Promise<ActorId>;
  /** Ends an actor of another node without its consent. */
  kill(id: ActorId): void;
  emit(event: SystemEvent): void;
  /**
   * An actor's code gets the thread: a method, `init`, or a `callback` (timer, monitor, post). Called before it runs,
   * so that a thread that never comes back can be asked what holds it.
   */
  began?(actor: ActorId, method: string, at: number): void;
  /** What began last has finished, or waits while others overlap with it. */
  rested?(): void;
  /** An actor of this node ended, its names are free and its monitors were told. */
  ended(id: ActorId, reason: ExitReason): void;
}

/** How long a message to a name waits for whoever is expected to have it next. */
export interface Patience {
  readonly method: string;
  /** Milliseconds, or Infinity. */
  readonly timeout: number;
  readonly signal: AbortSignal | undefined;
}

/** Names, as a node needs them. */
export interface Names {
  /** @throws AlreadyRegisteredError */
  claim(name: string, id: ActorId, meta: Meta): Promise<void>;
  /** Frees the names and memberships of `id`, an actor of this node that ended. Settles when nobody can see them any more; never rejects. */
  release(id: ActorId): Promise<void>;
  /** Whether `id` may have names or memberships. */
  holds(id: ActorId): boolean;
  /**
   * Who has `name`; the registry is asked anew where `stale`, the answer last time, is gone. With `patience`, a name that
   * nobody has and that is expected to come back is waited for.
   *
   * @param life ends the wait, too
   * @throws AskTimeoutError, AskAbortedError, StashFullError where that was in vain
   */
  resolve(
    name: string,
    stale?: ActorId,
    patience?: Patience,
    life?: AbortSignal,
  ): Promise<ActorId | undefined>;
  /** The registry as the actor (or outsider) that sends for `home` sees it. */
  view(home: Home): Registry;
}
