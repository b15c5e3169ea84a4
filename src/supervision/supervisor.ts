import type {
  ActorContext,
  ActorDefinition,
  AnyRef,
  Awaitable,
  Ignore,
  Protocol,
  SpawnOptions,
} from "../actor/mod.ts";
import { ignore } from "../actor/mod.ts";
import type { ChildCounts, ChildInfo, ChildSpecInfo, StartResult } from "./effects.ts";
import type { Designator } from "./events.ts";
import type { DynamicSupervisorOptions, SupervisorOptions } from "./options.ts";
import { advice, checkDynamicOptions, checkOptions } from "./options.ts";
import { Runner } from "./runner.ts";
import type { AnyChildSpec, ChildOptions, CompleteSpec } from "./spec.ts";
import { checkSpec, checkSpecs } from "./spec.ts";
import { initialDynamicState, initialState } from "./state.ts";

/** What both kinds of supervisors answer. A child is named by its id or by its ref. */
type CommonProtocol = {
  /**
   * Stops the child; it stays listed unless it is temporary or of a dynamic supervisor. Stopping one that does not
   * run succeeds.
   *
   * @throws ChildNotFoundError; DynamicSupervisorError for an id where children have none
   */
  terminateChild(child: string | AnyRef): Promise<void>;
  /** The children, youngest first. */
  whichChildren(): Promise<ChildInfo[]>;
  countChildren(): Promise<ChildCounts>;
  /** @throws ChildNotFoundError */
  getChildSpec(child: string | AnyRef): Promise<ChildSpecInfo>;
};

/**
 * What a supervisor answers (§3.7). Requests are served one after the other: while a child starts or stops, others
 * wait (U12). An ask gives up after 5 s unless told otherwise; the supervisor goes on all the same.
 */
export type SupervisorProtocol = CommonProtocol & {
  /**
   * Starts one more child, last in order. No ref: its `init` returned `ignore`.
   *
   * @throws ChildAlreadyStartedError, ChildAlreadyPresentError, ChildStartError, InvalidChildError
   */
  startChild(spec: AnyChildSpec): Promise<AnyRef | undefined>;
  /**
   * Starts a child that does not run. Does not count toward intensity.
   *
   * @throws ChildNotFoundError, ChildRunningError, ChildRestartingError, ChildStartError
   */
  restartChild(child: string | AnyRef): Promise<AnyRef | undefined>;
  /**
   * Forgets a child that does not run.
   *
   * @throws ChildNotFoundError, ChildRunningError, ChildRestartingError
   */
  deleteChild(child: string | AnyRef): Promise<void>;
};

/** Where a child of a dynamic supervisor differs from the others. */
export type InstanceOptions = Pick<SpawnOptions, "name" | "meta" | "placement">;

/** What a dynamic supervisor answers. */
export type DynamicSupervisorProtocol<A = unknown> = CommonProtocol & {
  /**
   * Starts a child with `args`. No ref: its `init` returned `ignore`.
   *
   * @throws ChildAlreadyStartedError if the name is taken, ChildStartError, MaxChildrenError
   */
  startChild(args: A, options?: InstanceOptions): Promise<AnyRef | undefined>;
};

/** Children that are known only when the supervisor starts; `ignore`: there is nothing to supervise. */
export type ChildrenOf<A> = (
  ctx: ActorContext,
  args: A,
) => Awaitable<readonly AnyChildSpec[] | Ignore>;

/**
 * Defines a supervisor: an actor that starts `children` in order, restarts them when they end, and stops them in
 * reverse order when it ends. Its rules are those of OTP's `supervisor`.
 *
 * It is up when all children are. If one does not start, those that did are stopped and the supervisor does not start,
 * with a {@linkcode ChildStartError} whose causes lead to what was thrown. If children have to be restarted more than
 * `intensity` times within `periodMs` milliseconds, it stops all and ends with `shutdown`.
 *
 * @throws InvalidOptionError naming the option, or the child's field, and the value
 *
 * @example
 * ```ts
 * import { actor } from "troupe/actor";
 * import { child, createSystem, supervisor } from "troupe";
 * const counter = actor((_ctx, start: number) => {
 *   let n = start;
 *   return { add: (by: number) => n += by };
 * });
 * const app = supervisor({ strategy: "one_for_one", intensity: 3, periodMs: 5_000 }, [
 *   child({ id: "counter", start: counter, args: 1, name: "counter" }),
 * ]);
 * await using system = await createSystem({ root: app });
 * ```
 */
export function supervisor<A = void>(
  options: SupervisorOptions,
  children: readonly AnyChildSpec[] | ChildrenOf<A>,
): ActorDefinition<A, SupervisorProtocol> {
  const flags = checkOptions(options);
  const known = typeof children === "function"
    ? undefined
    : checkSpecs(children, flags.autoShutdown);
  const specsOf = async (ctx: ActorContext, args: A): Promise<CompleteSpec[] | Ignore> => {
    if (known !== undefined) return known;
    const given = await (children as ChildrenOf<A>)(ctx, args);
    return given === ignore ? ignore : checkSpecs(given, flags.autoShutdown);
  };
  return define(async (ctx, args: A) => {
    const specs = await specsOf(ctx, args);
    if (specs === ignore) return ignore;
    const runner = new Runner(ctx, initialState(flags, specs));
    await start(ctx, runner, advice(flags, specs));
    return {
      ...administration(runner),
      startChild: (spec) => runner.ask({ kind: "start_child", spec }, refIn),
      restartChild: (child) =>
        runner.ask({ kind: "restart_child", child: designate(child) }, refIn),
      deleteChild: (child) => runner.ask<void>({ kind: "delete_child", child: designate(child) }),
    };
  }, ["startChild", "restartChild", "deleteChild"]);
}

/**
 * Defines a supervisor of any number of children of one kind, started with `startChild(args)` (OTP's
 * `simple_one_for_one`). They have no order and no ids: they are named by their refs, restarted one by one and
 * stopped all at once.
 *
 * @throws InvalidOptionError naming the option, or the template's field, and the value
 *
 * @example
 * ```ts
 * import { actor } from "troupe/actor";
 * import { createSystem, dynamicSupervisor } from "troupe";
 * const session = actor((_ctx, user: string) => ({ user: () => user }));
 * const sessions = dynamicSupervisor({ maxChildren: 100 }, { start: session, restart: "temporary" });
 * await using system = await createSystem();
 * const ref = await system.spawn(sessions, undefined);
 * const ada = await ref.ask.startChild("ada", { name: "sessions/ada" });
 * ```
 */
export function dynamicSupervisor<A, P extends Protocol>(
  options: DynamicSupervisorOptions,
  template: ChildOptions & { readonly start: ActorDefinition<A, P> },
): ActorDefinition<void, DynamicSupervisorProtocol<A>> {
  const flags = checkDynamicOptions(options);
  const spec = checkSpec({ id: "child", ...template }, flags.autoShutdown);
  return define(async (ctx) => {
    const runner = new Runner(ctx, initialDynamicState(flags, spec));
    await start(ctx, runner, advice(flags, [spec]));
    return {
      ...administration(runner),
      startChild: (args, options = {}) =>
        runner.ask({ kind: "start_dynamic", args, options: instanceOptions(options) }, refIn),
    };
  }, ["startChild"]);
}

const COMMON_METHODS = ["terminateChild", "whichChildren", "countChildren", "getChildSpec"];

/**
 * Its methods overlap: they wait for answers of the core, which serves one after the other, while the actor goes on
 * taking the news that those answers depend on.
 */
function define<A, P extends Protocol>(
  init: (ctx: ActorContext, args: A) => Promise<P | Ignore>,
  methods: readonly string[],
): ActorDefinition<A, P> {
  return { kind: "supervisor", init, interleaving: [...COMMON_METHODS, ...methods] };
}

async function start(
  ctx: ActorContext,
  runner: Runner,
  warnings: readonly string[],
): Promise<void> {
  for (const text of warnings) ctx.emit("supervisor.warning", { text });
  await runner.start();
}

function administration(runner: Runner): CommonProtocol {
  return {
    terminateChild: (child) => runner.ask({ kind: "terminate_child", child: designate(child) }),
    whichChildren: () => runner.ask({ kind: "which_children" }),
    countChildren: () => runner.ask({ kind: "count_children" }),
    getChildSpec: (child) => runner.ask({ kind: "get_child_spec", child: designate(child) }),
  };
}

function designate(child: string | AnyRef): Designator {
  return typeof child === "object" && child !== null ? { actor: child.id } : { id: String(child) };
}

function refIn(result: StartResult): AnyRef | undefined {
  return result.ref;
}

/** What came in a message may hold anything; only these reach the spawn. */
function instanceOptions(options: InstanceOptions): SpawnOptions {
  const { name, meta, placement } = options;
  return {
    ...(name !== undefined && { name }),
    ...(meta !== undefined && { meta }),
    ...(placement !== undefined && { placement }),
  };
}
