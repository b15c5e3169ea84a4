import type { Effect, Event } from "./events.ts";
import type { PeerId } from "./identity.ts";
import type { State } from "./state.ts";
import { FOREVER } from "./time.ts";
import type { Rnd } from "./timers.ts";
import { draftOf, emit, type Turn } from "./turn.ts";

/** The outcome of a step. */
export interface Step {
  /** The given state itself if nothing changed. */
  readonly state: State;
  /** To be carried out in this order. */
  readonly effects: readonly Effect[];
}

/** One step of a protocol. Pure: the same arguments give the same outcome, and `state` stays as it was. */
export type StepFunction = (state: State, event: Event, now: number, rnd: Rnd) => Step;

const NOTHING: readonly Effect[] = Object.freeze([]);

/** Lets `handle`, the rules of a protocol, change a draft of `state`, if they are to hear of `event` at all. */
export function take(
  handle: (turn: Turn, event: Event) => void,
  state: State,
  event: Event,
  now: number,
  rnd: Rnd,
): Step {
  if (!hears(state, event)) return { state, effects: NOTHING };
  const turn: Turn = { s: draftOf(state), now, rnd, effects: [] };
  handle(turn, event);
  return { state: turn.s, effects: turn.effects };
}

/** Whether an event reaches the rules at all. Stale timers and completions of an earlier life would do harm. */
function hears(state: State, event: Event): boolean {
  if (event.kind === "boot") return state.phase === "new";
  if (state.phase !== "up") return false;
  switch (event.kind) {
    case "timer":
      return event.generation === state.generation;
    case "persisted":
    case "persist_failed":
      return event.incarnation === state.incarnation && event.write <= state.writes;
    case "message":
      return event.from !== state.settings.peerId;
    default:
      return true;
  }
}

/** Hears nothing from now on. */
export function halt(turn: Turn): void {
  const { s } = turn;
  s.phase = "stopped";
  s.generation++;
  s.armed = FOREVER;
  s.deadline = FOREVER;
  emit(turn, { kind: "stop" });
}

/** Takes `peers` for the learners, as far as they are no voters. */
export function nameLearners({ s }: Turn, peers: readonly PeerId[]): void {
  const { config, settings } = s;
  s.learners = peers.filter((peer) => peer !== settings.peerId && !config.voters.includes(peer));
}
