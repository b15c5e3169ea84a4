import type {
  ActorDefinition,
  ActorRef,
  AnyRef,
  Down,
  ExitReason,
  NodeId,
  Protocol,
  Registry,
  SpawnOptions,
} from "../../actor/mod.ts";
import type { SystemEvent } from "../../actor/host.ts";
import type { FaultBoard } from "./fault_board.ts";
import type { SystemInfo } from "./inspect.ts";
import type { LivenessOptions } from "./liveness_options.ts";
import type { Pools } from "./switchboard.ts";

/** The name that `root` is registered under. */
export const ROOT_NAME = "troupe.root";

/** How a system is made. */
export interface SystemOptions {
  /** What threads are: worker threads, unless told. */
  readonly runtime?: "threads";
  /** Started under the system's root supervisor, after the registry. */
  readonly root?: ActorDefinition<void, Protocol>;
  /** Named pools of threads, for `placement: { pool }`. Their threads start when they are needed. */
  readonly threads?: Pools;
  /** Is told every event from the very first on; `on` begins when the system is up. */
  readonly onEvent?: (event: SystemEvent) => void;
  /** Determines `ctx.random` of every actor; drawn unless told. */
  readonly seed?: string | number;
  /** How threads are watched. */
  readonly liveness?: LivenessOptions;
  /**
   * Threads, from 1, that were ended and run on (Deno stops no loop that does not yield); default 16. At so many, no
   * other thread is started: spawns fail with a `TooManyZombiesError`.
   */
  readonly maxZombies?: number;
  /** What is wrong with the threads of some named actors, for experiments. */
  readonly faults?: FaultBoard;
}

/** A system of actors: the main thread's node, its threads, the registry. */
export interface ActorSystem extends AsyncDisposable {
  readonly registry: Registry;
  readonly seed: string;
  /** The supervisor at the top of the tree. */
  readonly root: AnyRef;
  /** @throws StartFailedError with the cause; AlreadyRegisteredError; InvalidOptionError */
  spawn<A, P extends Protocol>(
    definition: ActorDefinition<A, P>,
    args: A,
    options?: SpawnOptions,
  ): Promise<ActorRef<P>>;
  /** Asks `ref` to stop, gives how it ended. After `timeout` ms (default 5 000) it is killed. */
  stop(
    ref: AnyRef,
    options?: { readonly reason?: ExitReason; readonly timeout?: number },
  ): Promise<ExitReason>;
  /** Ends `ref` without its consent; its whole thread, if it has one of its own. */
  kill(ref: AnyRef): Promise<ExitReason>;
  /** Ends a thread as a crash would, with all actors in it. Gives whether it was there. */
  terminate(node: NodeId): boolean;
  /** Ends the registry's thread as a crash would. Settles when its successor answers. */
  crashRegistry(): Promise<void>;
  /** Ends the registry's thread as a crash would, and starts none. Idempotent. */
  stopRegistry(): Promise<void>;
  /** Starts the registry that was stopped. Settles when it answers. */
  startRegistry(): Promise<void>;
  /** Settles with the reason when `ref` ends; rejects only through `signal`. */
  down(ref: AnyRef, options?: { readonly signal?: AbortSignal }): Promise<Down>;
  /** Calls `fn` for every event of the given kind, `*` for all. */
  on(
    kind: string,
    fn: (event: SystemEvent) => void,
    options?: { readonly signal?: AbortSignal },
  ): Disposable;
  /** Reads the system as it is now. Threads that hang are read, too; others get a second to answer. */
  inspect(): Promise<SystemInfo>;
  /** Milliseconds since the system was made, on the clock of its events. */
  now(): number;
  /** Stops the tree in order, ends all threads. Idempotent. After `timeout` ms (default 10 000) the rest is killed. */
  shutdown(options?: { readonly timeout?: number }): Promise<void>;
}
