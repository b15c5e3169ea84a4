import type { ActorId, ExitReason } from "../actor/mod.ts";
import { SHUTDOWN } from "../actor/mod.ts";
import { addRecent } from "./recent.ts";
import type { Goal, Operation, Turn } from "./state.ts";
import { isDynamic, nextToken, report, update } from "./state.ts";
import { stoppedWell } from "./strategy.ts";
import type { Child } from "./table.ts";
import { getChild, removeChild, runningChild, stoppedChild } from "./table.ts";

/** Begins to stop and start children; nothing else is under way. */
export function begin(
  turn: Turn,
  goal: Goal,
  stops: readonly string[],
  starts: readonly string[],
): void {
  turn.operation = { goal, stops, starts, step: 0, awaiting: undefined, result: undefined };
}

/** Takes the next step of `operation`, which waits for nothing. False if there is none left. */
export function takeStep(turn: Turn, operation: Operation): boolean {
  const { stops, starts, step } = operation;
  const stop = stops[step];
  const start = starts[step - stops.length];
  const next = { ...operation, step: step + 1 };
  turn.operation = next;
  if (stop !== undefined) stopOne(turn, next, stop);
  else if (start !== undefined) startOne(turn, next, start);
  else return false;
  return true;
}

function stopOne(turn: Turn, operation: Operation, key: string): void {
  const child = getChild(turn.table, key);
  if (child === undefined) return;
  const { status } = child;
  if (status.kind !== "running") return settleStopped(turn, child);
  if (status.ended !== undefined) return childStopped(turn, child, status.ended);
  askToStop(turn, child);
  turn.operation = { ...operation, awaiting: { kind: "stop", actor: status.ref.id } };
}

/** Emits the request; the child must run. */
function askToStop(turn: Turn, child: Child): void {
  if (child.status.kind !== "running") return;
  const { ref } = child.status;
  turn.effects.push({ kind: "stop", ref, reason: SHUTDOWN, timeout: child.spec.shutdown });
}

function startOne(turn: Turn, operation: Operation, key: string): void {
  const child = getChild(turn.table, key);
  if (child === undefined || child.status.kind === "running") return;
  const token = nextToken(turn);
  turn.effects.push({ kind: "start", token, spec: child.spec });
  turn.operation = { ...operation, awaiting: { kind: "start", key, token } };
}

/** Asks all children of a dynamic supervisor to stop, at once and with one deadline (U13). */
export function stopMany(turn: Turn, children: readonly Child[]): void {
  let left = 0;
  for (const child of children) {
    if (child.status.kind !== "running") settleStopped(turn, child);
    else if (child.status.ended !== undefined) childStopped(turn, child, child.status.ended);
    else {
      askToStop(turn, child);
      left++;
    }
  }
  const { operation } = turn;
  if (operation === undefined || left === 0) return;
  turn.operation = { ...operation, awaiting: { kind: "many", left } };
}

/** An actor that was asked to stop has ended. Gives whether the operation under way waited for that. */
export function actorStopped(turn: Turn, actor: ActorId, reason: ExitReason): boolean {
  const { operation } = turn;
  const awaiting = operation?.awaiting;
  if (operation === undefined || awaiting === undefined || awaiting.kind === "start") return false;
  const child = runningChild(turn.table, actor);
  if (child === undefined) return false;
  if (awaiting.kind === "stop" && awaiting.actor !== actor) return false;
  childStopped(turn, child, reason);
  const left = awaiting.kind === "many" ? awaiting.left - 1 : 0;
  turn.operation = { ...operation, awaiting: left > 0 ? { kind: "many", left } : undefined };
  return true;
}

function childStopped(turn: Turn, child: Child, reason: ExitReason): void {
  if (!stoppedWell(child, reason)) report(turn, { kind: "shutdown_error", id: child.key, reason });
  settleStopped(turn, child);
}

/** The child does not run, and is not to be restarted by itself: it is listed as stopped, or forgotten. */
export function settleStopped(turn: Turn, child: Child): void {
  const { status } = child;
  if (status.kind === "restarting" && status.wait === "backoff") {
    turn.effects.push({ kind: "cancel_backoff", token: status.token });
  }
  if (child.spec.restart === "temporary" || isDynamic(turn)) forget(turn, child);
  else update(turn, stoppedChild(child));
}

/** Removes the child; if it was one of a dynamic supervisor, its last ref is remembered for a while. */
export function forget(turn: Turn, child: Child): void {
  const { status } = child;
  if (isDynamic(turn) && status.kind !== "stopped" && status.ref !== undefined) {
    turn.gone = addRecent(turn.gone, status.ref.id);
  }
  turn.table = removeChild(turn.table, child.key);
}
