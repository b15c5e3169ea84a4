import type { ActorDefinition, Protocol, SpawnOptions } from "../actor/mod.ts";
import { checkSpawnOptions } from "../actor/check_spawn.ts";
import { InvalidOptionError, isDefinition } from "../actor/mod.ts";
import type { Backoff, CompleteBackoff } from "./backoff.ts";
import { checkBackoff } from "./backoff.ts";
import type { AutoShutdown } from "./options.ts";

/** After which ends a child is restarted (§3.4): all, abnormal ones, none. */
export type Restart = "permanent" | "transient" | "temporary";

/** How a child is stopped: asked, then killed after that many milliseconds; asked, without end; killed at once. */
export type Shutdown = number | "infinity" | "brutal_kill";

/** What counts and the default of `shutdown` depend on. */
export type ChildType = "worker" | "supervisor";

/** How a child is restarted, stopped and spawned, whatever it is. */
export interface ChildOptions extends Omit<SpawnOptions, "signal"> {
  /** Default `permanent`. */
  readonly restart?: Restart;
  /** Milliseconds from 0, `infinity` or `brutal_kill`; default 5 000 for a worker, `infinity` for a supervisor. */
  readonly shutdown?: Shutdown;
  /** Its end may end the supervisor, see `autoShutdown`; default false. */
  readonly significant?: boolean;
  /** Default: what `start` is. Say it for a supervisor that a module defines. */
  readonly type?: ChildType;
  /** Default: that of the supervisor. */
  readonly backoff?: Backoff;
}

/** A child, as it is described to {@linkcode child}. */
export interface ChildSpec<A, P extends Protocol> extends ChildOptions {
  /** Unique in the supervisor, not empty. */
  readonly id: string;
  readonly start: ActorDefinition<A, P>;
  readonly args?: A;
}

/** A child as a supervisor takes it, whatever its arguments and protocol; made by {@linkcode child}. */
export interface AnyChildSpec extends ChildOptions {
  readonly id: string;
  readonly start: object;
  readonly args?: unknown;
}

/** A spec with its defaults. */
export interface CompleteSpec {
  readonly id: string;
  readonly start: ActorDefinition<unknown, Protocol>;
  readonly args: unknown;
  readonly options: SpawnOptions;
  readonly restart: Restart;
  readonly shutdown: Shutdown;
  readonly significant: boolean;
  readonly type: ChildType;
  readonly backoff: CompleteBackoff | undefined;
}

const RESTARTS: readonly string[] = ["permanent", "transient", "temporary"];
const TYPES: readonly string[] = ["worker", "supervisor"];
const SPAWN_KEYS = [
  "name",
  "meta",
  "mailbox",
  "placement",
  "startTimeout",
  "heap",
  "killUnresponsive",
] as const;
const KEYS: readonly string[] = [
  "id",
  "start",
  "args",
  "restart",
  "shutdown",
  "significant",
  "type",
  "backoff",
  ...SPAWN_KEYS,
];

/** OTP's default for workers. */
const WORKER_SHUTDOWN = 5_000;

/**
 * Describes a child of a supervisor. The types of `start` and `args` are checked against each other.
 *
 * @throws InvalidOptionError naming the field and its value (§3.2; `child_specs` of OTP's suite)
 *
 * @example
 * ```ts
 * import { actor } from "troupe/actor";
 * import { child, supervisor } from "troupe";
 * const counter = actor((_ctx, start: number) => {
 *   let n = start;
 *   return { add: (by: number) => n += by };
 * });
 * const app = supervisor({}, [
 *   child({ id: "counter", start: counter, args: 1, name: "counter", restart: "transient" }),
 * ]);
 * ```
 */
export function child<A, P extends Protocol>(
  spec: ChildSpec<A, P> & (undefined extends A ? unknown : { readonly args: A }),
): AnyChildSpec {
  // Whether `significant` is allowed depends on the supervisor, which looks again.
  checkSpec(spec, "any_significant");
  return spec;
}

/**
 * `spec` with its defaults.
 *
 * @throws InvalidOptionError naming the field and its value
 */
export function checkSpec(spec: AnyChildSpec, autoShutdown: AutoShutdown): CompleteSpec {
  if (typeof spec !== "object" || spec === null) {
    throw new InvalidOptionError("a child", spec, "what child() gave");
  }
  const { id, start } = spec;
  if (typeof id !== "string" || id === "") {
    throw new InvalidOptionError("id of a child", id, "a text that is not empty");
  }
  const field = (name: string): string => `${name} of child "${id}"`;
  for (const key of Object.keys(spec)) {
    if (!KEYS.includes(key)) {
      throw new InvalidOptionError(field("a field"), key, `one of ${KEYS.join(", ")}`);
    }
  }
  if (!isDefinition(start)) {
    throw new InvalidOptionError(
      field("start"),
      start,
      "what actor(), supervisor() or fromModule() gave",
    );
  }
  const { restart = "permanent", significant = false, type = start.kind, backoff } = spec;
  checkOneOf(field("restart"), restart, RESTARTS);
  checkOneOf(field("type"), type, TYPES);
  checkSignificant(field("significant"), significant, restart, autoShutdown);
  const { shutdown = defaultShutdown(type) } = spec;
  checkShutdown(field("shutdown"), shutdown);
  return {
    id,
    start: start as unknown as ActorDefinition<unknown, Protocol>,
    args: spec.args,
    options: spawnOptions(spec, type, field),
    restart,
    shutdown,
    significant,
    type,
    backoff: backoff === undefined ? undefined : checkBackoff(backoff, field("backoff")),
  };
}

/**
 * `specs` with their defaults.
 *
 * @throws InvalidOptionError for the first that is not valid, and for an id that occurs twice
 */
export function checkSpecs(
  specs: readonly AnyChildSpec[],
  autoShutdown: AutoShutdown,
): CompleteSpec[] {
  if (!Array.isArray(specs)) {
    throw new InvalidOptionError("children", specs, "an array of what child() gave");
  }
  const complete = specs.map((spec) => checkSpec(spec, autoShutdown));
  const seen = new Set<string>();
  for (const { id } of complete) {
    if (seen.has(id)) {
      throw new InvalidOptionError("id of a child", id, "an id that no other child has");
    }
    seen.add(id);
  }
  return complete;
}

function defaultShutdown(type: ChildType): Shutdown {
  return type === "supervisor" ? "infinity" : WORKER_SHUTDOWN;
}

function checkOneOf(field: string, value: unknown, known: readonly string[]): void {
  if (typeof value !== "string" || !known.includes(value)) {
    throw new InvalidOptionError(field, value, `one of ${known.join(", ")}`);
  }
}

function checkShutdown(field: string, value: unknown): void {
  if (value === "infinity" || value === "brutal_kill") return;
  if (typeof value === "number" && Number.isFinite(value) && value >= 0) return;
  throw new InvalidOptionError(field, value, `milliseconds from 0, "infinity" or "brutal_kill"`);
}

/** A permanent child never ends for good, and where nothing shuts down by itself nothing can be significant (§3.2). */
function checkSignificant(
  field: string,
  significant: unknown,
  restart: Restart,
  autoShutdown: AutoShutdown,
): void {
  if (typeof significant !== "boolean") {
    throw new InvalidOptionError(field, significant, "true or false");
  }
  if (!significant) return;
  if (restart === "permanent") {
    throw new InvalidOptionError(field, significant, "false for a child that is permanent");
  }
  if (autoShutdown === "never") {
    throw new InvalidOptionError(field, significant, `false where autoShutdown is "never"`);
  }
}

/** The part of a spec that `ctx.spawn` takes. */
function spawnOptions(
  spec: AnyChildSpec,
  type: ChildType,
  field: (name: string) => string,
): SpawnOptions {
  const { name, startTimeout } = spec;
  if (name !== undefined && (typeof name !== "string" || name === "")) {
    throw new InvalidOptionError(field("name"), name, "a text that is not empty");
  }
  if (startTimeout !== undefined && !(typeof startTimeout === "number" && startTimeout > 0)) {
    throw new InvalidOptionError(
      field("startTimeout"),
      startTimeout,
      "milliseconds above 0, or Infinity",
    );
  }
  checkSpawnOptions(spec, field);
  const options: Record<string, unknown> = {};
  // A supervisor's start takes as long as those of its children, and each of them has a limit of its own.
  if (type === "supervisor") options["startTimeout"] = Infinity;
  for (const key of SPAWN_KEYS) if (spec[key] !== undefined) options[key] = spec[key];
  return options;
}
