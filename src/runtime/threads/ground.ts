import type {
  ActorDefinition,
  Clock,
  ExitReason,
  HeapLimits,
  NodeId,
  Protocol,
} from "../../actor/mod.ts";
import type { Envelope } from "../../actor/envelope.ts";
import type { Host, RemoteSpawn, SystemEvent } from "../../actor/host.ts";
import type { ActorNode } from "../../actor/node.ts";
import type { HostRole } from "./host.ts";
import type { LivenessOptions } from "./liveness_options.ts";
import type { PulseWork } from "./pulse.ts";
import type { Switchboard } from "./switchboard.ts";
import type { Tenants } from "./tenants.ts";
import type { SpawnRequest } from "./wire.ts";

/** The signs of life of a thread, as its watcher reads them. */
export interface Pulse {
  /** Beats so far; wraps. */
  readonly beats: number;
  /** When the last beat was, in milliseconds on the thread's own clock. */
  readonly beatAt: number;
  /** Methods, inits and callbacks begun so far; wraps. */
  readonly begun: number;
  /** Bytes of the thread's heap in use at its last beat. */
  readonly heapUsed: number;
  /** What was begun last and has not finished. */
  readonly current: PulseWork | undefined;
  /** Declares the thread dead: what it still does must not count. */
  condemn(): void;
}

/** Why a thread ended, as far as its owner knows. */
export type Ending = (cause: Error | undefined) => void;

/** How a thread is started. */
export interface ThreadOptions {
  readonly node: NodeId;
  /** Whom it is started for: the name of its first actor, or where that is found; the name of its pool. */
  readonly purpose: string;
  /** The pool it belongs to; undefined: it ends with the one actor that it was started for. */
  readonly pool: string | undefined;
  readonly heap: HeapLimits | undefined;
  /** On the system's clock. */
  readonly startedAt: number;
}

/** A thread as its owner sees it. */
export interface OwnedThread {
  readonly node: NodeId;
  readonly pool: string | undefined;
  readonly heap: HeapLimits;
  readonly startedAt: number;
  readonly pulse: Pulse;
  readonly tenants: Tenants;
  /** Settles once the thread has said that it listens; rejects if it ends before. */
  readonly ready: Promise<void>;
  /** Settles when the runtime says that the thread has ended. */
  readonly exited: Promise<void>;
  /** Settles when the thread does not run any more. */
  readonly gone: Promise<void>;
  /** An error that the thread itself reported before it ended. */
  crash: Error | undefined;
  /** Why it is being ended on purpose. */
  reason: ExitReason | undefined;
  /** When its last actor had ended by itself, on the system's clock. */
  goneSince?: number;
  /** Whether {@linkcode ready} has settled well. */
  readonly up: boolean;
  /** Whether it ends with the one actor that it was started for. */
  readonly exclusive: boolean;
  becameReady(): void;
  /** Ends the thread; {@linkcode gone} tells when that is done. */
  terminate(): void;
}

/** What threads stand on: real ones, or simulated ones. */
export interface Ground {
  /** Starts a thread that has a link to the main thread; `ended` is told once when it has ended. */
  start(options: ThreadOptions, ended: Ending): OwnedThread;
  /** Gives two threads a link to each other. */
  connect(from: NodeId, to: NodeId): void;
  /** Calls `look` every `ms` milliseconds, as far as there can be anything to see. */
  looking(ms: number, look: () => void): Disposable;
}

/** What the main thread's part of a system needs of its host. */
export interface MainHost extends Host {
  readonly clock: Clock;
  /** Threads that a link leads to. */
  readonly links: number;
  /** Must be called before anything else. */
  attach(node: ActorNode): void;
  /** A port to `to` is here; see `FaultView` for its place. */
  link(to: NodeId, port: unknown, place?: number): void;
  /** What is wrong with this thread has changed. */
  disturbed(): void;
  send(to: NodeId, envelope: Envelope, transfer: readonly ArrayBuffer[]): void;
  /** `node` is dead. Settles when its last messages are in and everyone here knows. */
  nodeDown(node: NodeId, reason: ExitReason, goneSince?: number): Promise<void>;
  /** `node` is dead: nothing is sent to it any more. Settles when its last messages are in. */
  awaitLast(node: NodeId, reason: ExitReason): Promise<void>;
  /** Tells everyone here that `node` is dead; `goneSince` as in `ActorNode.nodeDown`. */
  finishDown(node: NodeId, reason: ExitReason, goneSince?: number): void;
  emit(event: SystemEvent): void;
  close(): void;
}

/** What differs between systems of real and of simulated threads. */
export interface SystemBase {
  /** The actor that keeps the names. */
  readonly registry: ActorDefinition<void, Protocol>;
  /** The host of the main thread. */
  host(seed: string, role: HostRole): MainHost;
  /** What the other threads stand on. `kernel` is asked for the switchboard once that is there. */
  ground(
    seed: string,
    host: MainHost,
    liveness: Required<LivenessOptions>,
    switchboard: () => Switchboard,
  ): Ground;
  /** A spawn as it travels to another thread. @throws InvalidOptionError */
  request(spawn: RemoteSpawn): SpawnRequest;
}
