import type { ActorId, ExitReason } from "../actor/mod.ts";
import { serve } from "./administration.ts";
import type { Effect } from "./effects.ts";
import type { Event } from "./events.ts";
import { expectNames } from "./expectations.ts";
import { actorStopped, begin, takeStep } from "./operation.ts";
import { finish, startSettled } from "./outcome.ts";
import { queueAdd, queueTake } from "./persistent_queue.ts";
import { backoffElapsed, childExited, tryAgain } from "./restart.ts";
import { beginExit } from "./shutdown.ts";
import type { State, Turn } from "./state.ts";
import { stateAfter, update } from "./state.ts";
import { inOrder, runningChild } from "./table.ts";

/** What {@linkcode decide} gives. */
export interface Decision {
  readonly state: State;
  readonly effects: readonly Effect[];
}

/**
 * Decides what a supervisor does about `event`: a pure function, the whole of supervision. The caller carries out the
 * effects, in order, and comes back with the events that they announce.
 *
 * Like OTP's supervisor it does one thing at a time. What comes while children are being started or stopped
 * waits inside `state` (U12), except what the operation under way waits for, and the order to end.
 *
 * @param now milliseconds on a monotonic clock
 * @param random draws 0 <= n < 1; called only for backoff
 */
export function decide(state: State, event: Event, now: number, random: () => number): Decision {
  const turn: Turn = { ...state, now, random, effects: [] };
  receive(turn, event);
  goOn(turn);
  expectNames(turn);
  return { state: stateAfter(turn), effects: turn.effects };
}

function receive(turn: Turn, event: Event): void {
  switch (event.kind) {
    case "start":
      return boot(turn);
    case "started":
    case "start_failed":
    case "start_ignored":
      return receiveOutcome(turn, event);
    case "stopped":
      actorStopped(turn, event.actor, event.reason);
      return;
    case "exited":
      return receiveExit(turn, event);
    case "shutdown":
      turn.shutdown ??= event.reason;
      return;
    case "try_again":
    case "backoff_elapsed":
    case "request":
      turn.inbox = queueAdd(turn.inbox, event);
  }
}

function boot(turn: Turn): void {
  if (turn.phase !== "new") return;
  turn.phase = "booting";
  begin(turn, { kind: "boot" }, [], inOrder(turn.table).map((child) => child.key));
}

function receiveOutcome(
  turn: Turn,
  event: Event & { kind: "started" | "start_failed" | "start_ignored" },
): void {
  const { operation } = turn;
  const awaiting = operation?.awaiting;
  if (operation !== undefined && awaiting?.kind === "start" && awaiting.token === event.token) {
    return startSettled(turn, operation, awaiting, event);
  }
  // An actor that nobody waits for must not live on as an orphan.
  if (event.kind === "started") {
    turn.effects.push({
      kind: "stop",
      ref: event.ref,
      reason: { kind: "shutdown" },
      timeout: "brutal_kill",
    });
  }
}

/** An exit may be what is waited for; otherwise it is looked at in its turn, but known from now on. */
function receiveExit(turn: Turn, event: Event & { kind: "exited" }): void {
  if (actorStopped(turn, event.actor, event.reason)) return;
  markEnded(turn, event.actor, event.reason);
  turn.inbox = queueAdd(turn.inbox, event);
}

function markEnded(turn: Turn, actor: ActorId, reason: ExitReason): void {
  const child = runningChild(turn.table, actor);
  if (child?.status.kind !== "running" || child.status.ended !== undefined) return;
  update(turn, { ...child, status: { ...child.status, ended: reason } });
}

/** Works until there is something to wait for. */
function goOn(turn: Turn): void {
  while (turn.phase !== "new" && turn.phase !== "ended") {
    if (turn.operation?.awaiting !== undefined) return;
    if (mustExit(turn)) beginExit(turn, turn.shutdown ?? { kind: "shutdown" });
    else if (turn.operation !== undefined) {
      const { operation } = turn;
      if (!takeStep(turn, operation)) finish(turn, operation);
    } else if (!handleNext(turn)) return;
  }
}

/** The order to end is obeyed between two steps of what is under way: what is not started need not be stopped. */
function mustExit(turn: Turn): boolean {
  return turn.shutdown !== undefined && turn.phase !== "stopping";
}

/** Handles the event that waited longest. False if there is none. */
function handleNext(turn: Turn): boolean {
  const next = queueTake(turn.inbox);
  if (next === undefined) return false;
  turn.inbox = next.queue;
  handle(turn, next.item);
  return true;
}

function handle(turn: Turn, event: Event): void {
  switch (event.kind) {
    case "exited":
      return childExited(turn, event.actor, event.reason);
    case "try_again":
      return tryAgain(turn, event.key, event.token);
    case "backoff_elapsed":
      return backoffElapsed(turn, event.key, event.token);
    case "request":
      return serve(turn, event.request, event.call);
  }
}
