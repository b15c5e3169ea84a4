import type { ExitReason } from "./exit_reason.ts";
import type { Protocol } from "./protocol.ts";
import type { ActorRef, AnyRef, NameRef } from "./ref.ts";

/** Data kept with a name. */
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
    readonly reason: ExitReason | "explicit";
  }
  | { readonly type: "synced" };

/** Which names a list or a watch is about. */
export interface NameQuery {
  readonly prefix?: string;
  readonly name?: string;
}

/** The name server as actors see it. Every method waits for the registry at most the ask timeout, also while it restarts. */
export interface Registry {
  /** Insert if absent. @throws AlreadyRegisteredError naming the owner; NoProcError if `ref` is gone */
  register(name: string, ref: AnyRef, options?: { meta?: Meta }): Promise<void>;
  /** Removes `name`, only if it is `ref`'s where that is given. Gives whether it did. */
  unregister(name: string, ref?: AnyRef): Promise<boolean>;
  /**
   * Sets `name` if the `rank` in its meta (a number; 0 if free) is below `rank`. Gives the entry that stands afterwards, the
   * new one or the one that was not below.
   */
  raise(name: string, ref: AnyRef, rank: number, options?: { meta?: Meta }): Promise<Entry>;
  whereis<P extends Protocol>(name: string): Promise<ActorRef<P> | undefined>;
  lookup(name: string): Promise<Entry | undefined>;
  /** Sorted by name in code-unit order. */
  list(query?: NameQuery): Promise<Entry[]>;
  /** Waits until the name is there. */
  waitFor<P extends Protocol>(
    name: string,
    options?: { timeout?: number; signal?: AbortSignal },
  ): Promise<ActorRef<P>>;
  /** Without a gap, also across a restart of the registry. */
  watch(query: NameQuery, on: (event: RegistryEvent) => void): Disposable;
  /** A ref by name, resolved for each message. */
  via<P extends Protocol>(name: string): NameRef<P>;
}
