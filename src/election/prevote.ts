import { startCandidacy } from "./candidate.ts";
import { compareConfig, isVoter } from "./config.ts";
import { type PeerId, precedes } from "./identity.ts";
import { inLease, isPromised } from "./lease.ts";
import { preVote, preVoteReply } from "./messages.ts";
import { addGrant, hasQuorum } from "./quorum.ts";
import { forgetTracker } from "./roles.ts";
import type { State } from "./state.ts";
import { isCrowd, roundDelay } from "./timers.ts";
import type { ForgetReason } from "./trace.ts";
import { broadcast, emit, send, setDeadline, type Turn } from "./turn.ts";
import type { DenyReason, PreVote, PreVoteReply } from "./wire.ts";

/** Asks whether a candidacy would have a chance (row 3). The epoch stays, and nothing is written. */
export function startPreVote(turn: Turn, why: ForgetReason): void {
  const { s, now, rnd } = turn;
  forgetTracker(turn, why);
  s.role = "precandidate";
  s.tally = addGrant([], s.config, s.settings.peerId);
  setDeadline(turn, now + roundDelay(s, rnd));
  emit(turn, { kind: "prevote", epoch: s.epoch + 1, fails: s.fails });
  broadcast(turn, preVote(s, s.epoch + 1));
  standIfBacked(turn);
}

/** Why a pre-vote is refused; undefined if it is granted (rows 4, 6). Not exclusive: many may be granted. */
export function denyPreVote(
  state: State,
  from: PeerId,
  message: PreVote,
  now: number,
): DenyReason | undefined {
  if (state.role === "learner") return "learner";
  if (!isVoter(state.config, from)) return "not_a_voter";
  if (compareConfig(message.configEpoch, message.configVersion, state.config) < 0) {
    return "old_config";
  }
  if (message.epoch <= state.epoch) return "stale_epoch";
  if (inLease(state, now)) return "lease";
  return undefined;
}

/** Whether a pre-candidate leaves the field to the one it granted (row 5): the tie-break's first phase. */
export function mustYield(state: State, from: PeerId, message: PreVote): boolean {
  const { uri, peerId } = state.settings;
  return state.role === "precandidate" && message.epoch > state.epoch &&
    precedes(message.uri, from, uri, peerId);
}

/** Rows 4 to 6. */
export function onPreVote(turn: Turn, from: PeerId, message: PreVote): void {
  const { s, now, rnd } = turn;
  const { epoch } = message;
  const why = denyPreVote(s, from, message, now);
  send(turn, from, preVoteReply(s, epoch, why === undefined));
  if (why !== undefined) {
    emit(turn, { kind: "deny", request: "prevote", epoch, candidate: from, why });
    return;
  }
  emit(turn, { kind: "prevote_grant", epoch, candidate: from });
  if (!mustYield(s, from, message)) return giveWay(turn);
  emit(turn, { kind: "yield", epoch, to: from });
  s.role = "follower";
  s.tally = [];
  setDeadline(turn, now + roundDelay(s, rnd));
}

/**
 * In a crowd, who granted a pre-vote asks for itself only a round later: a round there is work for the machine, and many at once would
 * make each other too slow to win. Who asks in vain waits longer each time, so that nobody is kept from asking for ever.
 */
function giveWay(turn: Turn): void {
  const { s, now, rnd } = turn;
  if (s.role !== "follower" || !isCrowd(s.config)) return;
  setDeadline(turn, Math.max(s.deadline, now + roundDelay(s, rnd)));
}

/** Row 7, after row 17 has had its say. */
export function onPreVoteReply(turn: Turn, from: PeerId, message: PreVoteReply): void {
  const { s } = turn;
  if (s.role !== "precandidate" || !message.granted || message.epoch !== s.epoch + 1) return;
  s.tally = addGrant(s.tally, s.config, from);
  standIfBacked(turn);
}

/**
 * A peer that asked by command may still be bound by its promise to a tracker: its own vote has to wait then, or a
 * tracker's lease would outlive the promises it rests on.
 */
function standIfBacked(turn: Turn): void {
  if (hasQuorum(turn.s) && !isPromised(turn.s, turn.now)) startCandidacy(turn);
}
