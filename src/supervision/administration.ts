import type { Refusal, SpawnOptions } from "../actor/mod.ts";
import { InvalidOptionError } from "../actor/mod.ts";
import type { ChildCounts, ChildInfo, ChildSpecInfo } from "./effects.ts";
import {
  ChildAlreadyPresentError,
  ChildAlreadyStartedError,
  ChildNotFoundError,
  ChildRestartingError,
  ChildRunningError,
  DynamicSupervisorError,
  InvalidChildError,
  MaxChildrenError,
} from "./errors.ts";
import type { Call, Designator } from "./events.ts";
import { comesBack } from "./expectations.ts";
import { begin, settleStopped } from "./operation.ts";
import { isRecent } from "./recent.ts";
import type { AnyChildSpec, CompleteSpec } from "./spec.ts";
import { checkSpec } from "./spec.ts";
import type { Turn } from "./state.ts";
import { isDynamic, nextToken } from "./state.ts";
import type { Child } from "./table.ts";
import {
  addChild,
  childCount,
  childOf,
  getChild,
  inOrder,
  removeChild,
  youngestFirst,
} from "./table.ts";

/** Serves a request; nothing else is under way (§3.7). */
export function serve(turn: Turn, request: number, call: Call): void {
  switch (call.kind) {
    case "start_child":
      return startChild(turn, request, call.spec);
    case "start_dynamic":
      return startDynamic(turn, request, call.args, call.options);
    case "terminate_child":
      return terminateChild(turn, request, call.child);
    case "restart_child":
      return withStopped(turn, request, call, (child) => {
        begin(turn, { kind: "restart_request", request, key: child.key }, [], [child.key]);
      });
    case "delete_child":
      return withStopped(turn, request, call, (child) => {
        turn.table = removeChild(turn.table, child.key);
        answer(turn, request, undefined);
      });
    case "get_child_spec": {
      const spec = specOf(turn, call.child);
      if (spec === undefined) return refuse(turn, request, notFound(call.child));
      return answer(turn, request, specInfo(spec));
    }
    case "which_children":
      return answer(
        turn,
        request,
        youngestFirst(turn.table).map((child) => childInfo(turn, child)),
      );
    case "count_children":
      return answer(turn, request, countChildren(turn));
  }
}

function answer(
  turn: Turn,
  request: number,
  value: readonly ChildInfo[] | ChildCounts | ChildSpecInfo | undefined,
): void {
  turn.effects.push({ kind: "reply", request, answer: { ok: true, value } });
}

function refuse(turn: Turn, request: number, error: Refusal): void {
  turn.effects.push({ kind: "reply", request, answer: { ok: false, error } });
}

function notFound(child: Designator): ChildNotFoundError {
  return new ChildNotFoundError("id" in child ? child.id : child.actor);
}

function find(turn: Turn, child: Designator): Child | undefined {
  if ("actor" in child) return childOf(turn.table, child.actor);
  return isDynamic(turn) ? undefined : getChild(turn.table, child.id);
}

function startChild(turn: Turn, request: number, spec: AnyChildSpec): void {
  let complete: CompleteSpec;
  try {
    complete = checkSpec(spec, turn.flags.autoShutdown);
  } catch (error) {
    if (!(error instanceof InvalidOptionError)) throw error;
    return refuse(turn, request, new InvalidChildError(error));
  }
  const { id } = complete;
  const present = getChild(turn.table, id);
  if (present === undefined) return add(turn, request, id, complete);
  const { status } = present;
  if (status.kind === "running") {
    return refuse(turn, request, new ChildAlreadyStartedError(id, status.ref.id));
  }
  refuse(turn, request, new ChildAlreadyPresentError(id));
}

function startDynamic(turn: Turn, request: number, args: unknown, options: SpawnOptions): void {
  const { template } = turn;
  if (template === undefined) return;
  const { maxChildren } = turn.flags;
  if (isFull(turn)) return refuse(turn, request, new MaxChildrenError(maxChildren));
  const spec = { ...template, args, options: { ...template.options, ...options } };
  add(turn, request, `${template.id}#${nextToken(turn)}`, spec);
}

/** Children that are being restarted count (Elixir's `max_children`). */
function isFull(turn: Turn): boolean {
  return childCount(turn.table) >= turn.flags.maxChildren;
}

/** Appends a child (§3.5), which stays only if it starts. */
function add(turn: Turn, request: number, key: string, spec: CompleteSpec): void {
  turn.table = addChild(turn.table, key, spec);
  turn.expects ||= comesBack(turn.flags, spec);
  begin(turn, { kind: "add", request, key }, [], [key]);
}

function terminateChild(turn: Turn, request: number, designator: Designator): void {
  if ("id" in designator && isDynamic(turn)) {
    return refuse(turn, request, new DynamicSupervisorError("terminateChild"));
  }
  const child = find(turn, designator);
  if (child !== undefined && child.status.kind === "running") {
    return begin(turn, { kind: "terminate_request", request }, [child.key], []);
  }
  if (child !== undefined) settleStopped(turn, child);
  else if (!endedLately(turn, designator)) return refuse(turn, request, notFound(designator));
  answer(turn, request, undefined);
}

function endedLately(turn: Turn, designator: Designator): boolean {
  return "actor" in designator && isRecent(turn.gone, designator.actor);
}

/** Does `then` with the child if it is stopped; otherwise says why not. */
function withStopped(
  turn: Turn,
  request: number,
  call: Call & { readonly child: Designator },
  then: (child: Child) => void,
): void {
  if (isDynamic(turn)) {
    const name = call.kind === "restart_child" ? "restartChild" : "deleteChild";
    return refuse(turn, request, new DynamicSupervisorError(name));
  }
  const child = find(turn, call.child);
  if (child === undefined) return refuse(turn, request, notFound(call.child));
  switch (child.status.kind) {
    case "running":
      return refuse(turn, request, new ChildRunningError(child.key));
    case "restarting":
      return refuse(turn, request, new ChildRestartingError(child.key));
    case "stopped":
      return then(child);
  }
}

function specOf(turn: Turn, designator: Designator): CompleteSpec | undefined {
  return find(turn, designator)?.spec;
}

function specInfo(spec: CompleteSpec): ChildSpecInfo {
  const { id, restart, shutdown, significant, type, options } = spec;
  return { id, restart, shutdown, significant, type, name: options.name };
}

function childInfo(turn: Turn, child: Child): ChildInfo {
  const { status, spec, restarts } = child;
  const ref = status.kind === "running"
    ? status.ref
    : status.kind === "restarting"
    ? "restarting"
    : undefined;
  return { id: isDynamic(turn) ? undefined : spec.id, ref, type: spec.type, restarts };
}

function countChildren(turn: Turn): ChildCounts {
  let active = 0;
  let supervisors = 0;
  const children = inOrder(turn.table);
  for (const child of children) {
    if (isActive(child)) active++;
    if (child.spec.type === "supervisor") supervisors++;
  }
  const workers = children.length - supervisors;
  return { specs: isDynamic(turn) ? 1 : children.length, active, supervisors, workers };
}

/** An actor whose end is known but not looked at yet is not active (OTP asks `is_process_alive`). */
function isActive({ status }: Child): boolean {
  return status.kind === "running" && status.ended === undefined;
}
