import type { ActorId, AnyRef, ExitReason } from "../actor/mod.ts";
import type { CompleteBackoff } from "./backoff.ts";
import { backoffDelay, backoffResets } from "./backoff.ts";
import { addRestart, exceeds } from "./intensity.ts";
import { begin, forget, settleStopped } from "./operation.ts";
import { checkAutoShutdown, giveUp } from "./shutdown.ts";
import type { Turn } from "./state.ts";
import { nextToken, report, update } from "./state.ts";
import { groupOf, isFailure, verdictOn } from "./strategy.ts";
import type { Child } from "./table.ts";
import { getChild, runningChild, stoppedChild } from "./table.ts";

/** An actor ended by itself. Incarnations that are handled already and strangers are none of ours (U4, T23). */
export function childExited(turn: Turn, actor: ActorId, reason: ExitReason): void {
  const child = runningChild(turn.table, actor);
  if (child === undefined || child.status.kind !== "running") return;
  const { restart } = child.spec;
  if (isFailure(restart, reason)) report(turn, { kind: "child_failed", id: child.key, reason });
  switch (verdictOn(restart, reason)) {
    case "restart":
      return restartChild(turn, forgiven(turn, child), child.status.ref, reason);
    case "forget":
      forget(turn, child);
      return checkAutoShutdown(turn, child);
    case "keep":
      settleStopped(turn, child);
      return checkAutoShutdown(turn, child);
  }
}

/** A start that failed is tried again, if nobody changed the child's fate since (§3.7). */
export function tryAgain(turn: Turn, key: string, token: number): void {
  const child = waitingChild(turn, key, token);
  if (child?.status.kind === "restarting") restartChild(turn, child, child.status.ref, undefined);
}

/** The pause is over. The attempt was counted when the pause began. */
export function backoffElapsed(turn: Turn, key: string, token: number): void {
  const child = waitingChild(turn, key, token);
  if (child?.status.kind === "restarting") beginRestart(turn, child, child.status.ref);
}

function waitingChild(turn: Turn, key: string, token: number): Child | undefined {
  const child = getChild(turn.table, key);
  return child?.status.kind === "restarting" && child.status.token === token ? child : undefined;
}

/** Counts the restart; starts the group anew, after a pause where there is backoff; or gives up. */
function restartChild(
  turn: Turn,
  child: Child,
  ref: AnyRef | undefined,
  reason: ExitReason | undefined,
): void {
  turn.restarts = addRestart(turn.restarts, turn.now, turn.flags.periodMs);
  if (exceeds(turn.restarts, turn.flags.intensity)) return giveUp(turn, child, "intensity");
  const backoff = backoffOf(turn, child);
  if (backoff !== undefined && child.failures >= backoff.maxRestarts) {
    return giveUp(turn, child, "max_restarts");
  }
  const delay = backoff === undefined ? 0 : backoffDelay(backoff, child.failures, turn.random());
  const attempt = turn.restarts.length;
  report(turn, { kind: "restart", id: child.key, attempt, delay, reason });
  const failed = { ...child, failures: child.failures + 1 };
  if (backoff === undefined) return beginRestart(turn, failed, ref);
  beginPause(turn, failed, ref, delay);
}

function backoffOf(turn: Turn, child: Child): CompleteBackoff | undefined {
  return child.spec.backoff ?? turn.flags.backoff;
}

/** `child` with its pauses at their beginning again, if it ran long enough. */
function forgiven(turn: Turn, child: Child): Child {
  const backoff = backoffOf(turn, child);
  if (backoff === undefined || child.startedAt === undefined) return child;
  return backoffResets(backoff, child.startedAt, turn.now) ? { ...child, failures: 0 } : child;
}

function beginRestart(turn: Turn, child: Child, ref: AnyRef | undefined): void {
  update(turn, stoppedChild(child));
  const { stops, starts } = groupOf(turn.flags.strategy, turn.table, child.key);
  begin(turn, { kind: "restart", key: child.key, ref }, stops, starts);
}

/** Stops the others of the group now; they are started after the pause (§3.10). */
function beginPause(turn: Turn, child: Child, ref: AnyRef | undefined, ms: number): void {
  update(turn, stoppedChild(child));
  const { stops } = groupOf(turn.flags.strategy, turn.table, child.key);
  begin(turn, { kind: "pause", key: child.key, ref, ms }, stops, []);
}

/** The others are stopped: now the pause itself. */
export function pause(turn: Turn, key: string, ref: AnyRef | undefined, ms: number): void {
  const token = markRestarting(turn, key, ref, "backoff");
  turn.effects.push({ kind: "backoff", key, token, ms });
}

/** A start in an automatic restart failed: to be tried again, after what waits in the mailbox (§3.7). */
export function retryLater(turn: Turn, key: string, ref: AnyRef | undefined): void {
  const token = markRestarting(turn, key, ref, "try_again");
  turn.effects.push({ kind: "try_again", key, token });
}

function markRestarting(
  turn: Turn,
  key: string,
  ref: AnyRef | undefined,
  wait: "try_again" | "backoff",
): number {
  const token = nextToken(turn);
  const child = getChild(turn.table, key);
  if (child !== undefined) {
    update(turn, { ...child, status: { kind: "restarting", ref, token, wait } });
  }
  return token;
}
