import type { AnyRef } from "../actor/mod.ts";
import { AlreadyRegisteredError } from "../actor/mod.ts";
import type { Answer } from "./effects.ts";
import { ChildAlreadyStartedError, ChildStartError } from "./errors.ts";
import { forget } from "./operation.ts";
import { pause, retryLater } from "./restart.ts";
import { beginExit } from "./shutdown.ts";
import type { Awaiting, Goal, Operation, Turn } from "./state.ts";
import { isDynamic, mustGet, report, update } from "./state.ts";
import type { Child } from "./table.ts";
import { startedChild, stoppedChild } from "./table.ts";

/** A start has settled. */
export type StartOutcome =
  | { readonly kind: "started"; readonly ref: AnyRef; readonly info?: unknown }
  | { readonly kind: "start_failed"; readonly error: Error }
  | { readonly kind: "start_ignored" };

/** What the outcome of the start that `operation` waits for means. */
export function startSettled(
  turn: Turn,
  operation: Operation,
  awaiting: Awaiting & { kind: "start" },
  outcome: StartOutcome,
): void {
  const child = mustGet(turn, awaiting.key);
  turn.operation = { ...operation, awaiting: undefined };
  switch (outcome.kind) {
    case "started":
      return started(turn, turn.operation, child, outcome.ref, outcome.info);
    case "start_ignored":
      return ignored(turn, operation.goal, child);
    case "start_failed":
      return failed(turn, operation.goal, child, outcome.error);
  }
}

function started(turn: Turn, operation: Operation, child: Child, ref: AnyRef, info: unknown): void {
  const automatic = operation.goal.kind === "restart" ? 1 : 0;
  const running = startedChild(child, ref, turn.now);
  update(turn, { ...running, restarts: child.restarts + automatic });
  turn.operation = { ...operation, result: { ref, info } };
}

/** Nothing to run: the spec stays, unless the child is temporary (§3.3) or has no spec of its own (T11). */
function ignored(turn: Turn, goal: Goal, child: Child): void {
  const kept = !isDynamic(turn) && (goal.kind === "restart" || child.spec.restart !== "temporary");
  if (kept) update(turn, stoppedChild(child));
  else forget(turn, child);
}

function failed(turn: Turn, goal: Goal, child: Child, error: Error): void {
  switch (goal.kind) {
    case "boot":
      report(turn, { kind: "start_failed", id: child.key, error });
      return beginExit(turn, { kind: "shutdown", detail: startError(turn, child, error) });
    case "add":
      forget(turn, child);
      return endOperation(turn, goal.request, refused(turn, child, error));
    case "restart_request":
      return endOperation(turn, goal.request, refused(turn, child, error));
    case "restart":
      report(turn, { kind: "start_failed", id: child.key, error });
      turn.operation = undefined;
      // A sibling that failed in the restart of a group becomes the one that is retried (T18, T19).
      return retryLater(turn, child.key, child.key === goal.key ? goal.ref : undefined);
  }
}

function endOperation(turn: Turn, request: number, answer: Answer): void {
  turn.operation = undefined;
  turn.effects.push({ kind: "reply", request, answer });
}

function refused(turn: Turn, child: Child, error: Error): Answer {
  if (error instanceof AlreadyRegisteredError) {
    return { ok: false, error: new ChildAlreadyStartedError(child.spec.id, error.owner) };
  }
  return { ok: false, error: startError(turn, child, error) };
}

function startError(turn: Turn, child: Child, error: Error): ChildStartError {
  return new ChildStartError(isDynamic(turn) ? undefined : child.key, error);
}

/** All steps are done. */
export function finish(turn: Turn, { goal, result }: Operation): void {
  turn.operation = undefined;
  switch (goal.kind) {
    case "boot":
      turn.phase = "up";
      turn.effects.push({ kind: "up" });
      return;
    case "add":
    case "restart_request": {
      const value = result ?? { ref: undefined, info: undefined };
      return endOperation(turn, goal.request, { ok: true, value });
    }
    case "terminate_request":
      return endOperation(turn, goal.request, { ok: true, value: undefined });
    case "restart":
      return;
    case "pause":
      return pause(turn, goal.key, goal.ref, goal.ms);
    case "exit":
      turn.phase = "ended";
      turn.effects.push({ kind: "exit", reason: goal.reason });
  }
}
