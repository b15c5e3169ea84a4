import { compareConfig, isVoter } from "./config.ts";
import { type PeerId, precedes } from "./identity.ts";
import { isPromised } from "./lease.ts";
import { heartbeatReply } from "./messages.ts";
import { startPreVote } from "./prevote.ts";
import { quorumOf } from "./quorum.ts";
import { adopt, followerDeadline, forgetTracker, stepDown } from "./roles.ts";
import type { State } from "./state.ts";
import { NEVER } from "./time.ts";
import {
  arrivalDelay,
  bootstrapDelay,
  campaignDelay,
  isCrowd,
  lagBonus,
  roundDelay,
  successionDelay,
} from "./timers.ts";
import type { ForgetReason } from "./trace.ts";
import { emit, persist, send, sendDurable, setDeadline, type Turn } from "./turn.ts";
import type { Heartbeat, Resign } from "./wire.ts";

/** Whether heartbeats of `from` count: a voter here, or one of an electorate not heard of yet (§1.6). */
export function mayLead(state: State, from: PeerId, message: Heartbeat): boolean {
  return isVoter(state.config, from) ||
    compareConfig(message.configEpoch, message.configVersion, state.config) > 0;
}

/** Rows 18 to 21. */
export function onHeartbeat(turn: Turn, from: PeerId, message: Heartbeat): void {
  const { s } = turn;
  if (!mayLead(s, from, message)) return;
  if (message.epoch < s.epoch) {
    send(turn, from, heartbeatReply(s, message.epoch, message.seq));
    return;
  }
  const raised = message.epoch > s.epoch;
  if (raised) adopt(turn, message.epoch, "heartbeat");
  else if (isRival(turn, from, message)) return;
  follow(turn, from, message);
  if (!raised || s.role === "learner") answer(turn, from, message.seq);
  else persist(turn, [{ to: from, message: heartbeatReply(s, s.epoch, message.seq) }]);
}

/**
 * Two trackers of one epoch (rows 19, 20). R1 to R7 exclude it; the seed's rule stays as a second line of defence:
 * the smaller URI remains. Whether the sender is to be ignored.
 */
export function isRival(turn: Turn, from: PeerId, message: Heartbeat): boolean {
  const { s } = turn;
  if (s.tracker === undefined || s.tracker === from) return false;
  emit(turn, { kind: "violation", invariant: "I1", epoch: s.epoch, peers: [s.tracker, from] });
  if (precedes(s.trackerUri, s.tracker, message.uri, from)) return true;
  stepDown(turn, "violation");
  return false;
}

/** Takes `from` for the tracker. The vote stays what it is (row 18). */
export function follow(turn: Turn, from: PeerId, message: Heartbeat): void {
  const { s, now } = turn;
  stepDown(turn, "tracker_found");
  if (s.tracker !== from) emit(turn, { kind: "follow", epoch: s.epoch, tracker: from });
  s.tracker = from;
  s.trackerUri = message.uri;
  s.lastHeard = now;
  s.fails = 0;
  setDeadline(turn, followerDeadline(turn));
}

/** An answer is a promise made in an epoch: it waits until that epoch is on disk (R2). */
function answer(turn: Turn, tracker: PeerId, seq: number): void {
  const { s } = turn;
  const sent = sendDurable(turn, tracker, heartbeatReply(s, s.epoch, seq));
  s.owed = sent ? 0 : seq;
}

/** Sends the answer that waited for the disk, if its tracker is still followed. */
export function answerOwed(turn: Turn): void {
  const { s } = turn;
  if (s.owed !== 0 && s.tracker !== undefined) answer(turn, s.tracker, s.owed);
}

/** Row 26. */
export function onResign(turn: Turn, from: PeerId, message: Resign): void {
  const { s } = turn;
  if (from === s.tracker && message.epoch === s.epoch) loseTracker(turn, "resigned");
}

/** Row 27. */
export function onPeerDown(turn: Turn, peer: PeerId): void {
  if (turn.s.settings.downDetector && peer === turn.s.tracker) loseTracker(turn, "down");
}

/** The tracker can serve no more: the promise to it is void, and a successor need not be waited for. */
function loseTracker(turn: Turn, why: ForgetReason): void {
  const { s, now, rnd } = turn;
  const { role, tracker } = s;
  if (role === "tracker" || tracker === undefined) return;
  forgetTracker(turn, why);
  s.lastHeard = NEVER;
  if (role !== "follower") return;
  setDeadline(turn, now + successionDelay(s.settings, s.config, tracker, rnd));
}

/** The timeout of a follower, a pre-candidate or a candidate (row 3). */
export function onElectionTimeout(turn: Turn): void {
  const { s } = turn;
  if (s.role !== "follower") s.fails++;
  if (s.role === "candidate") stepDown(turn, "timeout");
  if (canReachQuorum(s)) startPreVote(turn, "timeout");
  else waitInVain(turn);
}

/** Whether a round could elect, as far as the host can tell. */
function canReachQuorum(state: State): boolean {
  return state.reach + 1 >= quorumOf(state.settings, state.config);
}

function waitInVain(turn: Turn): void {
  const { s, now, rnd } = turn;
  stepDown(turn, "timeout");
  forgetTracker(turn, "timeout");
  setDeadline(turn, now + roundDelay(s, rnd));
}

/** Peers came or went. A cluster that starts elects as soon as a quorum is there, a crowd once nobody else comes; and asks nobody before. */
export function onReach(turn: Turn, voters: number): void {
  const { s, now, rnd } = turn;
  const before = canReachQuorum(s);
  const waits = voters > s.reach && s.epoch === 0 && isCrowd(s.config);
  s.reach = voters;
  if (before && !waits) return;
  if (!canReachQuorum(s) || s.role !== "follower" || s.tracker !== undefined) return;
  s.fails = 0;
  if (isPromised(s, now)) return;
  const at = now + bootstrapDelay(s.settings, s.config, rnd);
  if (waits) setDeadline(turn, at + arrivalDelay(s.config, voters + 1));
  else setDeadline(turn, Math.min(s.deadline, at));
}

/** A learner only notes that its tracker fell silent. */
export function onLearnerTimeout(turn: Turn): void {
  forgetTracker(turn, "timeout");
}

/**
 * A pre-vote on command. The others' promises bind as ever; its own binds it until it ends, so the round after this
 * one begins then.
 */
export function onCampaign(turn: Turn): void {
  const { s, now, rnd } = turn;
  if (s.role !== "follower") return;
  const promised = isPromised(s, now);
  startPreVote(turn, "campaign");
  if (!promised) return;
  setDeadline(turn, s.lastHeard + s.settings.timeoutMin + campaignDelay(s.settings, rnd));
}

/** A host that lags hears heartbeats late: it waits longer before it blames its tracker (§2.1). */
export function onLag(turn: Turn, ms: number): void {
  const { s, now } = turn;
  const change = lagBonus(s.settings, ms) - lagBonus(s.settings, s.lag);
  if (change === 0) return;
  s.lag = ms;
  if (s.role === "follower") setDeadline(turn, Math.max(now, s.deadline + change));
  emit(turn, { kind: "lag", ms, deadline: s.deadline });
}
