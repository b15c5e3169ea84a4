import { onBoot } from "./boot.ts";
import { countOwnVote, onVoteReply } from "./candidate.ts";
import type { Event } from "./events.ts";
import {
  answerOwed,
  onCampaign,
  onElectionTimeout,
  onHeartbeat,
  onLag,
  onLearnerTimeout,
  onPeerDown,
  onReach,
  onResign,
} from "./follower.ts";
import type { PeerId } from "./identity.ts";
import { compareNotes, noteOwnConfig, onConfigNews, onReconfigure } from "./membership.ts";
import { onPreVote, onPreVoteReply } from "./prevote.ts";
import { adopt } from "./roles.ts";
import type { State } from "./state.ts";
import { halt, nameLearners, type Step, take } from "./stepping.ts";
import { FOREVER } from "./time.ts";
import type { Rnd } from "./timers.ts";
import { onHeartbeatReply, onHeartbeatTick, onRegistryEpoch, resign } from "./tracker.ts";
import { arm, emit, persist, type Turn } from "./turn.ts";
import { onVote } from "./votes.ts";
import type { Message } from "./wire.ts";

/**
 * One step of one peer: the state after `event`, and what the host has to do (§1.4). Pure: the same arguments give the
 * same outcome, and `state` stays as it was.
 *
 * @param now ms on the peer's own monotonic clock; never less than before
 * @param rnd draws from [0, 1), from a generator of this peer's own
 *
 * @example
 * ```ts
 * const { state: next, effects } = step(state, { kind: "timer", generation: 3 }, clock.now(), random.next);
 * ```
 */
export function step(state: State, event: Event, now: number, rnd: Rnd): Step {
  return take(handle, state, event, now, rnd);
}

function handle(turn: Turn, event: Event): void {
  switch (event.kind) {
    case "boot":
      return onBoot(turn, event.disk);
    case "timer":
      return onTimer(turn);
    case "message":
      return onMessage(turn, event.from, event.message);
    case "persisted":
      return onPersisted(turn, event.write);
    case "persist_failed":
      turn.s.failed = Math.max(turn.s.failed, event.write);
      return emit(turn, { kind: "persist_failed", write: event.write, why: event.why });
    case "peer_down":
      return onPeerDown(turn, event.peer);
    case "registry_epoch":
      return onRegistryEpoch(turn, event.epoch);
    case "learners":
      return nameLearners(turn, event.peers);
    case "reach":
      return onReach(turn, event.voters);
    case "reconfigure":
      return onReconfigure(turn, event.change);
    case "lag":
      return onLag(turn, event.ms);
    case "campaign":
      return turn.s.role === "tracker" ? resign(turn) : onCampaign(turn);
    case "resign":
      return resign(turn);
    case "stop":
      return onStop(turn);
  }
}

function onMessage(turn: Turn, from: PeerId, message: Message): void {
  if (message.kind === "CONFIG") return onConfigNews(turn, message);
  compareNotes(turn, from, message);
  switch (message.kind) {
    case "PREVOTE":
      return onPreVote(turn, from, message);
    case "VOTE":
      return onVote(turn, from, message);
    case "HB":
      return onHeartbeat(turn, from, message);
    case "RESIGN":
      return onResign(turn, from, message);
  }
  if (message.myEpoch > turn.s.epoch) return onHigherEpoch(turn, message.myEpoch);
  switch (message.kind) {
    case "PREVOTE_R":
      return onPreVoteReply(turn, from, message);
    case "VOTE_R":
      return onVoteReply(turn, from, message);
    case "HB_R":
      return onHeartbeatReply(turn, from, message);
  }
}

/** Row 17. A learner hears of epochs from trackers only. */
function onHigherEpoch(turn: Turn, epoch: number): void {
  if (turn.s.role === "learner") return;
  adopt(turn, epoch, "reply");
  persist(turn);
}

/** The deadline may have moved since the timer was armed. */
function onTimer(turn: Turn): void {
  const { s, now } = turn;
  s.armed = FOREVER;
  if (now < s.deadline) return arm(turn, s.deadline);
  switch (s.role) {
    case "tracker":
      return onHeartbeatTick(turn);
    case "learner":
      return onLearnerTimeout(turn);
    default:
      return onElectionTimeout(turn);
  }
}

/** Row 8, and what else waited for the disk. */
function onPersisted(turn: Turn, write: number): void {
  const { s } = turn;
  s.durable = Math.max(s.durable, write);
  emit(turn, { kind: "persisted", write });
  countOwnVote(turn);
  noteOwnConfig(turn);
  answerOwed(turn);
}

/** Row 25. */
function onStop(turn: Turn): void {
  resign(turn);
  halt(turn);
}
