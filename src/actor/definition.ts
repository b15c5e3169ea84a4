import type { ActorContext } from "./context.ts";
import { InvalidOptionError } from "./errors.ts";
import type { Protocol } from "./protocol.ts";

/** What `init` returns to say that there is nothing to run (OTP's `ignore`). */
export const ignore: unique symbol = Symbol("troupe.ignore");
export type Ignore = typeof ignore;

/** A promise of `T`, or `T` at once. */
export type Awaitable<T> = T | Promise<T>;

/** Where the code of an actor is found, for threads: they load modules, not closures. */
export interface ModuleSource {
  /** Absolute URL of the module. */
  readonly url: string;
  /** The export that is the definition. */
  readonly export: string;
}

/** What an actor is, before one runs. Made by {@linkcode actor}, `supervisor` and {@linkcode fromModule}. */
export interface ActorDefinition<A, P extends Protocol> {
  readonly kind: "worker" | "supervisor";
  readonly init: (ctx: ActorContext, args: A) => Awaitable<P | Ignore>;
  /** Methods that do not hold the mailbox while they await. */
  readonly interleaving: readonly string[];
  readonly source?: ModuleSource;
  /** Never there at run time; carries `P` for inference. */
  readonly protocol?: P;
}

/** The protocol of a definition or of a ref. */
export type ProtocolOf<T> = T extends ActorDefinition<infer _A, infer P> ? P
  : T extends { readonly ask: infer Q }
    ? { [M in keyof Q]: Q[M] extends (...a: infer R) => Promise<infer V> ? (...a: R) => V : never }
  : never;

/** Options of {@linkcode actor}. */
export interface ActorOptions {
  /**
   * Methods that may overlap with others: while one of their calls awaits, the actor takes the next message.
   * All others run strictly one at a time.
   */
  readonly interleaving?: readonly string[];
}

/**
 * Defines an actor. `init` runs once per incarnation, may be async, and returns the methods; state is what it closes over.
 *
 * The protocol is inferred from what `init` returns; if the type of `ctx` mentions it, inference gives up: use `ctx.selfAs<P>()`.
 *
 * @example
 * ```ts
 * import { actor } from "troupe/actor";
 * const counter = actor((_ctx, start: number) => {
 *   let n = start;
 *   return { add(by: number) { return n += by; } };
 * });
 * ```
 */
export function actor<A, P extends Protocol>(
  init: (ctx: ActorContext, args: A) => Awaitable<P>,
  options?: ActorOptions,
): ActorDefinition<A, P>;
export function actor<A, P extends Protocol>(
  init: (ctx: ActorContext, args: A) => Awaitable<P | Ignore>,
  options?: ActorOptions,
): ActorDefinition<A, P>;
export function actor<A, P extends Protocol>(
  init: (ctx: ActorContext, args: A) => Awaitable<P | Ignore>,
  options: ActorOptions = {},
): ActorDefinition<A, P> {
  if (typeof init !== "function") throw new InvalidOptionError("init", init, "a function");
  return { kind: "worker", init, interleaving: options.interleaving ?? [] };
}

/**
 * An actor by the module that defines it, so that a thread of its own can load it. The module exports the definition, as `default` unless told.
 *
 * @param url absolute, as `new URL("./counter.ts", import.meta.url)`; see `moduleUrl` for code that also runs compiled
 * @throws InvalidOptionError if `url` is not an absolute URL
 *
 * @example
 * ```ts
 * import { createSystem, fromModule } from "troupe";
 * const url = new URL("./counter.ts", import.meta.url);
 * const counter = fromModule<typeof import("./counter.ts").default>(url);
 * await using system = await createSystem();
 * const ref = await system.spawn(counter, 1, { placement: "thread" });
 * ```
 */
export function fromModule<D extends ActorDefinition<never, Protocol>>(
  url: URL | string,
  exportName = "default",
): D {
  const href = absolute(url);
  const source: ModuleSource = { url: href, export: exportName };
  const definition: ActorDefinition<unknown, Protocol> = {
    kind: "worker",
    interleaving: [],
    source,
    init: () => {
      throw new InvalidOptionError("definition", href, "a module that was loaded before it is run");
    },
  };
  return definition as unknown as D;
}

function absolute(url: URL | string): string {
  try {
    return new URL(url).href;
  } catch {
    throw new InvalidOptionError("url", String(url), "an absolute URL");
  }
}

/** Whether `value` was made by {@linkcode actor}, `supervisor` or {@linkcode fromModule}. */
export function isDefinition(value: unknown): value is ActorDefinition<never, Protocol> {
  return typeof value === "object" && value !== null && "init" in value &&
    typeof value.init === "function" && "kind" in value;
}
