import type { ActorId, AnyRef, ExitReason } from "../actor/mod.ts";
import type { PersistentMap } from "./persistent_map.ts";
import { emptyMap, mapDelete, mapGet, mapSet, mapValues } from "./persistent_map.ts";
import type { CompleteSpec } from "./spec.ts";

/** Where a child is (§3.7). */
export type Status =
  /** OTP's `undefined`: the spec is there, the actor is not. */
  | { readonly kind: "stopped" }
  /** `ended`: how it ended, known but not yet looked at. */
  | { readonly kind: "running"; readonly ref: AnyRef; readonly ended?: ExitReason }
  /** `ref` is that of the last incarnation; `token` is that of the event that it waits for. */
  | {
    readonly kind: "restarting";
    readonly ref: AnyRef | undefined;
    readonly token: number;
    readonly wait: "try_again" | "backoff";
  };

/** A child of a supervisor. */
export interface Child {
  /** Its id; made up for a child of a dynamic supervisor. */
  readonly key: string;
  readonly spec: CompleteSpec;
  /** Place in the order of starting. */
  readonly order: number;
  readonly status: Status;
  /** Automatic restarts that were completed. */
  readonly restarts: number;
  /** Restarts in a row as backoff counts them: the n of the next pause. */
  readonly failures: number;
  /** When its last start was completed. */
  readonly startedAt: number | undefined;
}

/** The children, by key and by ref. */
export interface Table {
  readonly children: PersistentMap<Child>;
  /** Keys by the ids of refs: those of running children, and the last ones of children that are being restarted. */
  readonly byRef: PersistentMap<string>;
  readonly nextOrder: number;
}

const STOPPED: Status = Object.freeze({ kind: "stopped" });

export function emptyTable(): Table {
  return { children: emptyMap(), byRef: emptyMap(), nextOrder: 0 };
}

/** `table` with a child that was not started yet, last in order. */
export function addChild(table: Table, key: string, spec: CompleteSpec): Table {
  const order = table.nextOrder;
  const child: Child = {
    key,
    spec,
    order,
    status: STOPPED,
    restarts: 0,
    failures: 0,
    startedAt: undefined,
  };
  return { ...table, children: mapSet(table.children, key, child), nextOrder: order + 1 };
}

/** The child of that key. */
export function getChild(table: Table, key: string): Child | undefined {
  return mapGet(table.children, key);
}

/** The child whose present or last incarnation is `actor`. */
export function childOf(table: Table, actor: ActorId): Child | undefined {
  const key = mapGet(table.byRef, actor);
  return key === undefined ? undefined : getChild(table, key);
}

/** The child that runs as `actor`. */
export function runningChild(table: Table, actor: ActorId): Child | undefined {
  const child = childOf(table, actor);
  return child?.status.kind === "running" && child.status.ref.id === actor ? child : undefined;
}

export function childCount(table: Table): number {
  return table.children.size;
}

/** The children, first started first. */
export function inOrder(table: Table): Child[] {
  return mapValues(table.children).sort((a, b) => a.order - b.order);
}

/** The children, first started last (V4; also the order of stopping). */
export function youngestFirst(table: Table): Child[] {
  return inOrder(table).reverse();
}

/** `table` with `child` in place of the one that has its key; its refs are kept in step. */
export function putChild(table: Table, child: Child): Table {
  const old = refOf(getChild(table, child.key)?.status);
  const ref = refOf(child.status);
  let { byRef } = table;
  if (old !== undefined && old !== ref) byRef = mapDelete(byRef, old);
  if (ref !== undefined && old !== ref) byRef = mapSet(byRef, ref, child.key);
  return { ...table, children: mapSet(table.children, child.key, child), byRef };
}

export function removeChild(table: Table, key: string): Table {
  const ref = refOf(getChild(table, key)?.status);
  return {
    ...table,
    children: mapDelete(table.children, key),
    byRef: ref === undefined ? table.byRef : mapDelete(table.byRef, ref),
  };
}

function refOf(status: Status | undefined): ActorId | undefined {
  return status === undefined || status.kind === "stopped" ? undefined : status.ref?.id;
}

/** `child` as it is once it stopped and nobody restarts it. */
export function stoppedChild(child: Child): Child {
  return { ...child, status: STOPPED };
}

/** `child` once it runs as `ref`. Nobody starts a temporary child again: what it was started with is let go. */
export function startedChild(child: Child, ref: AnyRef, now: number): Child {
  return {
    ...child,
    spec: withoutArgs(child.spec),
    status: { kind: "running", ref },
    startedAt: now,
  };
}

function withoutArgs(spec: CompleteSpec): CompleteSpec {
  return spec.restart === "temporary" ? { ...spec, args: undefined } : spec;
}
