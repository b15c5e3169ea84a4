import type { ActorId, AnyRef, ExitReason } from "../actor/mod.ts";
import type { Effect, Report, StartResult } from "./effects.ts";
import type { Event } from "./events.ts";
import { comesBack } from "./expectations.ts";
import type { Restarts } from "./intensity.ts";
import type { Flags } from "./options.ts";
import type { PersistentQueue } from "./persistent_queue.ts";
import { emptyQueue } from "./persistent_queue.ts";
import type { Recent } from "./recent.ts";
import { noneRecent } from "./recent.ts";
import type { CompleteSpec } from "./spec.ts";
import type { Child, Table } from "./table.ts";
import { addChild, emptyTable, getChild, putChild } from "./table.ts";

/** What an operation is for: what its outcomes mean, and what comes after it. */
export type Goal =
  /** The static children, at the start. */
  | { readonly kind: "boot" }
  | { readonly kind: "add"; readonly request: number; readonly key: string }
  | { readonly kind: "restart_request"; readonly request: number; readonly key: string }
  | { readonly kind: "terminate_request"; readonly request: number }
  /** An automatic restart because of the child `key`, whose last incarnation was `ref`. */
  | { readonly kind: "restart"; readonly key: string; readonly ref: AnyRef | undefined }
  /** The same, before the pause of `ms` milliseconds: those to be restarted with it are stopped already. */
  | {
    readonly kind: "pause";
    readonly key: string;
    readonly ref: AnyRef | undefined;
    readonly ms: number;
  }
  /** The end of the supervisor. */
  | { readonly kind: "exit"; readonly reason: ExitReason };

/** What an operation waits for. `many`: so many children of a dynamic supervisor, all asked at once. */
export type Awaiting =
  | { readonly kind: "start"; readonly key: string; readonly token: number }
  | { readonly kind: "stop"; readonly actor: ActorId }
  | { readonly kind: "many"; readonly left: number };

/** Something that takes several steps: children are stopped one after the other, then children are started one after the other. */
export interface Operation {
  readonly goal: Goal;
  /** Keys, in the order of stopping. */
  readonly stops: readonly string[];
  /** Keys, in the order of starting. */
  readonly starts: readonly string[];
  /** Steps begun so far, of stops and starts together. */
  readonly step: number;
  readonly awaiting: Awaiting | undefined;
  /** What a request is told of its start. */
  readonly result: StartResult | undefined;
}

/** `stopping`: it ends, whatever comes. */
export type Phase = "new" | "booting" | "up" | "stopping" | "ended";

/** All that a supervisor knows. Never changes: every event gives a new one. */
export interface State {
  readonly flags: Flags;
  /** What the children of a dynamic supervisor have in common. */
  readonly template: CompleteSpec | undefined;
  readonly phase: Phase;
  readonly table: Table;
  readonly restarts: Restarts;
  /** What is under way; other events wait in `inbox` meanwhile. */
  readonly operation: Operation | undefined;
  readonly inbox: PersistentQueue<Event>;
  /** The supervisor was told to end with this reason. */
  readonly shutdown: ExitReason | undefined;
  /** Children of a dynamic supervisor that ended lately: terminating them again is no error (case 75). */
  readonly gone: Recent;
  readonly lastToken: number;
  /** Names of children that come back when they are lost: who sends to them meanwhile may wait. */
  readonly expected: ReadonlySet<string>;
  /** Whether there ever was such a child. */
  readonly expects: boolean;
}

/** A supervisor that was not started yet. */
export function initialState(flags: Flags, specs: readonly CompleteSpec[]): State {
  let table = emptyTable();
  for (const spec of specs) table = addChild(table, spec.id, spec);
  return { ...blank(flags), table, expects: specs.some((spec) => comesBack(flags, spec)) };
}

/** A dynamic supervisor that was not started yet. */
export function initialDynamicState(flags: Flags, template: CompleteSpec): State {
  return { ...blank(flags), template };
}

function blank(flags: Flags): State {
  return {
    flags,
    template: undefined,
    phase: "new",
    table: emptyTable(),
    restarts: [],
    operation: undefined,
    inbox: emptyQueue(),
    shutdown: undefined,
    gone: noneRecent,
    lastToken: 0,
    expected: new Set(),
    expects: false,
  };
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** One call of `decide` at work: the state as it changes, the effects so far. Values inside are replaced, never changed. */
export interface Turn extends Mutable<State> {
  readonly now: number;
  readonly random: () => number;
  readonly effects: Effect[];
}

/** What `turn` has made of the state. Field by field, since this is on the path of every event. */
export function stateAfter(turn: Turn): State {
  return {
    flags: turn.flags,
    template: turn.template,
    phase: turn.phase,
    table: turn.table,
    restarts: turn.restarts,
    operation: turn.operation,
    inbox: turn.inbox,
    shutdown: turn.shutdown,
    gone: turn.gone,
    lastToken: turn.lastToken,
    expected: turn.expected,
    expects: turn.expects,
  };
}

export function nextToken(turn: Turn): number {
  return ++turn.lastToken;
}

export function report(turn: Turn, report: Report): void {
  turn.effects.push({ kind: "report", report });
}

/** Replaces the child that has the key of `child`. */
export function update(turn: Turn, child: Child): void {
  turn.table = putChild(turn.table, child);
}

/** The child of that key, which is known to be there. */
export function mustGet(turn: Turn, key: string): Child {
  const child = getChild(turn.table, key);
  if (child === undefined) throw new Error(`Child "${key}" vanished during an operation`);
  return child;
}

export function isDynamic(turn: Turn): boolean {
  return turn.flags.strategy === "simple_one_for_one";
}
