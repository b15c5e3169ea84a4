import type { DurableRecord } from "./durable.ts";
import type { Effect } from "./events.ts";
import type { PeerId } from "./identity.ts";
import { addRound } from "./lease.ts";
import { heartbeat } from "./messages.ts";
import { isWriting, type State } from "./state.ts";
import type { Rnd } from "./timers.ts";
import type { TraceEvent } from "./trace.ts";
import type { Message, Outgoing } from "./wire.ts";

/** A state that only the running step can see. Its arrays are shared with the one before: replace, never change them. */
export type Draft = { -readonly [K in keyof State]: State[K] };

/**
 * A draft of `state`. Spelt out, since engines copy that many fields by name more than ten times as fast as by spread,
 * and this copy is most of the cost of a step.
 */
export function draftOf(state: State): Draft {
  return {
    settings: state.settings,
    phase: state.phase,
    role: state.role,
    epoch: state.epoch,
    votedFor: state.votedFor,
    config: state.config,
    incarnation: state.incarnation,
    lost: state.lost,
    writes: state.writes,
    durable: state.durable,
    failed: state.failed,
    voteWrite: state.voteWrite,
    configWrite: state.configWrite,
    tracker: state.tracker,
    trackerUri: state.trackerUri,
    tally: state.tally,
    fails: state.fails,
    lastHeard: state.lastHeard,
    deadline: state.deadline,
    armed: state.armed,
    generation: state.generation,
    lag: state.lag,
    reach: state.reach,
    owed: state.owed,
    seq: state.seq,
    sent: state.sent,
    acks: state.acks,
    ackBase: state.ackBase,
    graceUntil: state.graceUntil,
    holders: state.holders,
    change: state.change,
    learners: state.learners,
  };
}

/** One step under way. */
export interface Turn {
  readonly s: Draft;
  readonly now: number;
  readonly rnd: Rnd;
  readonly effects: Effect[];
}

/** Adds to the trace. */
export function emit(turn: Turn, event: TraceEvent): void {
  turn.effects.push({ kind: "emit", event });
}

/** Sends what promises nothing, or whose promise is on disk. */
export function send(turn: Turn, to: PeerId, message: Message): void {
  turn.effects.push({ kind: "send", to, message });
}

/** Sends to every other voter. */
export function broadcast(turn: Turn, message: Message): void {
  const { settings, config } = turn.s;
  for (const voter of config.voters) if (voter !== settings.peerId) send(turn, voter, message);
}

/** Sends to every other voter and every known learner. */
export function broadcastToAll(turn: Turn, message: Message): void {
  broadcast(turn, message);
  for (const learner of turn.s.learners) send(turn, learner, message);
}

/** A tracker's round of heartbeats, and the time of the next (row 23). */
export function beat(turn: Turn): void {
  const { s, now } = turn;
  s.seq++;
  s.sent = addRound(s.sent, s.settings, now);
  setDeadline(turn, now + s.settings.heartbeat);
  broadcastToAll(turn, heartbeat(s));
}

/** Starts the write of the durable part as it is now; gives its number. `then` leaves after it (R2). */
export function persist(turn: Turn, then: readonly Outgoing[] = []): number {
  const { s } = turn;
  const write = ++s.writes;
  turn.effects.push({ kind: "persist", write, record: recordOf(s), then });
  emit(turn, { kind: "persist", write, epoch: s.epoch, votedFor: s.votedFor });
  return write;
}

/** Sends what depends on the disk, after it; false if a write is under way and the caller has to come back. */
export function sendDurable(turn: Turn, to: PeerId, message: Message): boolean {
  if (isWriting(turn.s)) return false;
  if (turn.s.durable >= turn.s.writes) send(turn, to, message);
  else persist(turn, [{ to, message }]);
  return true;
}

/** Sets the deadline; asks for a host timer only if the one under way would fire after it. */
export function setDeadline(turn: Turn, at: number): void {
  const { s } = turn;
  s.deadline = at;
  if (at < s.armed) arm(turn, at);
}

/** Asks for a host timer in place of the one before. */
export function arm(turn: Turn, at: number): void {
  const { s } = turn;
  s.armed = at;
  s.generation++;
  turn.effects.push({ kind: "timer", at, generation: s.generation });
}

function recordOf({ epoch, votedFor, config, incarnation }: Draft): DurableRecord {
  return { epoch, votedFor, config, incarnation };
}
