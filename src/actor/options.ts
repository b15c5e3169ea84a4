/**
 * What a full mailbox does with a tell: refuse it, drop the oldest for it, end its actor. It refuses an ask with a
 * `MailboxFullError`. With `wait` it does none of these: its senders keep back what has no room, see `ready` of a ref.
 */
export type Overflow = "drop_newest" | "drop_oldest" | "stop" | "wait";

/** The queue in front of an actor. */
export interface MailboxOptions {
  /**
   * Messages, at least 1; default Infinity. With `wait` it is the number that other threads fill it to; a thread that sends for
   * the first time may exceed it by 256 messages.
   */
  readonly capacity?: number;
  /** Default `drop_newest`. */
  readonly overflow?: Overflow;
}

/** Where an actor lives: with its spawner, in a thread of its own, or in a named pool of threads. */
export type Placement = "local" | "thread" | { readonly pool: string };

/**
 * Limits of a thread's heap, whole MiB. Buffers lie outside the heap and do not count. The thread that reaches one ends
 * with an `OutOfMemoryError`.
 */
export interface HeapLimits {
  /** For what lives long; from 16: with less the engine does not come up, and takes the whole process along. */
  readonly oldMb?: number;
  /** For what was made just now; from 1. */
  readonly youngMb?: number;
}

/** How an actor is spawned. */
export interface SpawnOptions {
  /** Registered before the actor's `init` runs, free again before anyone sees it end. */
  readonly name?: string;
  /** Kept with the name in the registry. */
  readonly meta?: Readonly<Record<string, unknown>>;
  readonly mailbox?: MailboxOptions;
  /** Default `local`; `thread` needs a definition made by `fromModule`. */
  readonly placement?: Placement;
  /** Milliseconds for thread and `init` together; default 15 000. */
  readonly startTimeout?: number;
  readonly signal?: AbortSignal;
  /** Only with `placement: "thread"`. */
  readonly heap?: HeapLimits;
  /**
   * Ends the actor's thread, with all that lives there, when the thread does not come back to its event loop (see
   * `liveness` of the system's options); default false. Not with `placement: "local"`.
   */
  readonly killUnresponsive?: boolean;
}

/** How one ask is made. */
export interface CallOptions {
  /** Milliseconds; default 5 000; Infinity waits for a reply or for the target's end. */
  readonly timeout?: number;
  readonly signal?: AbortSignal;
  /** Travels with the request and with every request made while it is served. */
  readonly meta?: Readonly<Record<string, string>>;
  /** Moved, not copied: the buffers, wherever they sit in the arguments, are empty here afterwards. */
  readonly transfer?: readonly ArrayBuffer[];
}

/** Milliseconds an ask waits unless told otherwise (OTP's `gen_server:call`). */
export const DEFAULT_ASK_TIMEOUT = 5_000;

/** Milliseconds an actor may take to start unless told otherwise. */
export const DEFAULT_START_TIMEOUT = 15_000;
