/** What a full mailbox does with a tell. An ask is always refused with a `MailboxFullError`. */
export type Overflow = "drop_newest" | "drop_oldest" | "stop";

/** The queue in front of an actor. */
export interface MailboxOptions {
  /** Messages, at least 1; default Infinity. */
  readonly capacity?: number;
  /** Default `drop_newest`. */
  readonly overflow?: Overflow;
}

/** Where an actor lives: with its spawner, in a thread of its own, or in a named pool of threads. */
export type Placement = "local" | "thread" | { readonly pool: string };

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
  /** Limits of the thread's heap, in MiB; only with `placement: "thread"`. */
  readonly heap?: { readonly oldMb?: number; readonly youngMb?: number };
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
