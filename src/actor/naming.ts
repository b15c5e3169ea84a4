import { TroupeError } from "./errors.ts";
import { reviveError } from "./error_codec.ts";
import type { ExitReason } from "./exit_reason.ts";
import type { Protocol } from "./protocol.ts";
import type { ActorRef, AnyRef, NameRef } from "./ref.ts";

/** Data kept with a name: a plain object of values that cross a thread. */
export type Meta = Readonly<Record<string, unknown>>;

/** A name and whom it stands for. */
export interface Entry {
  readonly name: string;
  readonly ref: AnyRef;
  readonly meta: Meta;
}

/** What a watcher of names is told: the entries there are, one `synced`, then every change in order. */
export type RegistryEvent =
  | { readonly type: "registered"; readonly entry: Entry }
  | {
    readonly type: "unregistered";
    readonly entry: Entry;
    /** `noproc` where the end was not seen, only that it must have been: the registry was away meanwhile. */
    readonly reason: ExitReason | "explicit";
  }
  | { readonly type: "synced" };

/** Which names a list or a watch is about: those for which everything that is given holds. */
export interface NameQuery {
  readonly prefix?: string;
  readonly name?: string;
  /** Entries that the metadata must have, each equal by `===`. */
  readonly meta?: Readonly<Record<string, string | number | boolean>>;
}

/** Undelivered events that a watch holds unless told otherwise. */
export const DEFAULT_WATCH_LIMIT = 10_000;

/** How names are watched. */
export interface WatchOptions {
  /** Ends the watch. */
  readonly signal?: AbortSignal;
  /**
   * Changes that may wait for the watcher, from 1; default 10 000. What there was at first does not count. Only an actor
   * (whose mailbox they wait in) or a loop over {@linkcode Registry.changes} can be slow.
   */
  readonly limit?: number;
}

/** A watcher that did not keep up: its watch has ended, and the changes that waited are lost (reference `actors.md` §5.2, 15). */
export class WatcherTooSlowError extends TroupeError {
  readonly code = "watcher_too_slow";
  /** Changes that were allowed to wait. */
  readonly limit: number;

  constructor(limit: number) {
    super(`More than ${limit} changes waited for a watcher of names: its watch has ended`);
    this.limit = limit;
  }
}
reviveError(WatcherTooSlowError);

/** One membership in a group. Disposing of it leaves; so does the member's end. */
export interface Membership extends Disposable, AsyncDisposable {
  readonly group: string;
  readonly ref: AnyRef;
  /** Settles when the membership is over. Gives whether it still was one. */
  leave(): Promise<boolean>;
}

/**
 * The name server as actors see it. Every method waits for the registry at most the ask timeout, also while it restarts.
 * Names and groups are text of 1 to 512 characters without control characters; anything else, and metadata that is no
 * plain object of cloneable values, is refused with an InvalidOptionError (or NotCloneableError) that names the field.
 *
 * @example
 * ```ts
 * await system.registry.register("db", ref, { meta: { role: "primary" } });
 * await system.registry.list({ meta: { role: "primary" } });
 * for await (const event of system.registry.changes({ prefix: "users/" }, { signal })) {
 *   console.log(event.type);
 * }
 * ```
 */
export interface Registry {
  /** Insert if absent. @throws AlreadyRegisteredError naming the owner; NoProcError if `ref` is gone */
  register(name: string, ref: AnyRef, options?: { meta?: Meta }): Promise<void>;
  /** Removes `name`, only if it is `ref`'s where that is given. Gives whether it did. */
  unregister(name: string, ref?: AnyRef): Promise<boolean>;
  /**
   * Sets `name` if `rank`, a number above 0, is above every rank it ever had. Gives the entry of the highest rank: the new
   * one, or the one that was not below, whose owner may be gone.
   *
   * @throws NoProcError if `ref` is gone
   */
  raise(name: string, ref: AnyRef, rank: number, options?: { meta?: Meta }): Promise<Entry>;
  whereis<P extends Protocol>(name: string): Promise<ActorRef<P> | undefined>;
  lookup(name: string): Promise<Entry | undefined>;
  /** Sorted by name in code-unit order. */
  list(query?: NameQuery): Promise<Entry[]>;
  /** Waits until the name is there. `timeout` in milliseconds, default the ask timeout. @throws AskTimeoutError, AskAbortedError */
  waitFor<P extends Protocol>(
    name: string,
    options?: { timeout?: number; signal?: AbortSignal },
  ): Promise<ActorRef<P>>;
  /**
   * Calls `on`, in the watching actor's turn, for what there is and for every change, without a gap, also across a restart
   * of the registry. Ends with the watching actor.
   *
   * A watcher that is too slow is ended: `onEnd` is told, in the actor's turn; without it the actor ends with the error.
   */
  watch(
    query: NameQuery,
    on: (event: RegistryEvent) => void,
    options?: WatchOptions & { readonly onEnd?: (error: WatcherTooSlowError) => void },
  ): Disposable;
  /**
   * The same as a loop: what there is, `synced`, then every change. Begins with the first `next`, ends with the loop, the
   * signal or the watching actor. @throws WatcherTooSlowError in the loop that does not keep up
   */
  changes(query?: NameQuery, options?: WatchOptions): AsyncIterable<RegistryEvent>;
  /**
   * A ref by name, resolved for each message. Each thread keeps what it resolved until the registry tells it of a change: for
   * the moment that takes, a message from another thread than the one that moved the name may still reach its last owner.
   * An ask that finds that one gone is resolved anew, once, and repeated.
   */
  via<P extends Protocol>(name: string): NameRef<P>;
  /**
   * Makes `ref` a member of `group`, once more if it is one: it must then leave as often, and hears as often what is
   * published (OTP's `pg`). Ends with `ref`. @throws NoProcError if `ref` is gone
   */
  join(group: string, ref: AnyRef): Promise<Membership>;
  /**
   * Says that somebody will have `name` again, until the membership is left or `ref` ends: messages to it by name that find
   * nobody are kept, at most 1 000 on each thread, and go to its next owner in order. An ask waits as long as its timeout
   * lets it; what is one too many fails with a StashFullError, or is a dead letter `stash_full`. A supervisor does this for
   * named children with backoff. The name has at most 490 characters.
   */
  expect(name: string, ref: AnyRef): Promise<Membership>;
  /** In order of joining; who joined twice is there twice. */
  members<P extends Protocol>(group: string): Promise<ActorRef<P>[]>;
  /**
   * Tells `method` to every member, straight from here, in order of joining. Gives how many were told. The members are
   * those that this thread knows of: it watches the group from its first message on, so a join is seen here a moment after
   * it has settled elsewhere. What one actor publishes arrives in order.
   *
   * @throws NotCloneableError if `args` do not cross a thread
   */
  publish(group: string, method: string, ...args: unknown[]): Promise<number>;
}
