import { compareConfig, isVoter } from "./config.ts";
import { type PeerId, precedes } from "./identity.ts";
import { inLease, isPromised } from "./lease.ts";
import { denyReply, grantReply } from "./messages.ts";
import { hasQuorum } from "./quorum.ts";
import { adopt, followerDeadline } from "./roles.ts";
import type { State } from "./state.ts";
import { emit, persist, send, sendDurable, setDeadline, type Turn } from "./turn.ts";
import type { DenyReason, Vote } from "./wire.ts";

/** What to do with a request for a vote in the present epoch. */
export type VoteDecision = "regrant" | "grant" | "cede" | DenyReason;

/** Why a request is refused whatever its sender's chances, and its epoch not taken over; undefined if it is considered. */
export function denyUnconsidered(
  state: State,
  from: PeerId,
  message: Vote,
  now: number,
): DenyReason | undefined {
  if (state.role === "learner") return "learner";
  if (!isVoter(state.config, from)) return "not_a_voter";
  if (compareConfig(message.configEpoch, message.configVersion, state.config) < 0) {
    return "old_config";
  }
  if (message.epoch < state.epoch) return "stale_epoch";
  if (message.epoch > state.epoch && inLease(state, now)) return "lease";
  return undefined;
}

/** Rows 12 to 15: one vote per epoch (R3), with one exception (R4). `message.epoch` is `state.epoch`. */
export function decideVote(
  state: State,
  from: PeerId,
  message: Vote,
  now: number,
): VoteDecision {
  const { role, votedFor, tracker, settings } = state;
  if (role === "tracker") return "is_tracker";
  if (votedFor === from) return "regrant";
  if (votedFor === undefined) {
    if (tracker !== undefined) return "tracker_known";
    // The epoch may have come from a reply while a promise to the tracker before it still holds.
    return isPromised(state, now) ? "lease" : "grant";
  }
  if (votedFor !== settings.peerId) return "voted";
  if (role !== "candidate") return "sealed";
  return mayCede(state, from, message) ? "cede" : "not_preferred";
}

/** R4: only a live candidate of this epoch, below quorum, gives its own vote away, and only to a smaller one. */
export function mayCede(state: State, from: PeerId, message: Vote): boolean {
  const { settings, role, votedFor, epoch } = state;
  return role === "candidate" && votedFor === settings.peerId && message.epoch === epoch &&
    !hasQuorum(state) && precedes(message.uri, from, settings.uri, settings.peerId);
}

/** Rows 9 to 15. */
export function onVote(turn: Turn, from: PeerId, message: Vote): void {
  const { s, now } = turn;
  const refused = denyUnconsidered(s, from, message, now);
  if (refused !== undefined) return deny(turn, from, message, refused);
  const raised = message.epoch > s.epoch;
  if (raised) adopt(turn, message.epoch, "vote");
  const decision = decideVote(s, from, message, now);
  switch (decision) {
    case "regrant":
      return regrant(turn, from);
    case "cede":
      emit(turn, { kind: "cede", epoch: s.epoch, to: from });
      return grant(turn, from);
    case "grant":
      return grant(turn, from);
    default:
      if (raised) persist(turn);
      return deny(turn, from, message, decision);
  }
}

/**
 * Gives the vote (rows 13, 14). Whatever candidacy there was is closed before the vote changes, so that nothing is
 * counted for it any more (R4, I4).
 */
function grant(turn: Turn, from: PeerId): void {
  const { s } = turn;
  s.role = "follower";
  s.tally = [];
  s.votedFor = from;
  setDeadline(turn, followerDeadline(turn));
  const write = persist(turn, [{ to: from, message: grantReply(s, s.epoch) }]);
  emit(turn, { kind: "grant", epoch: s.epoch, candidate: from, write, again: false });
}

/** Repeats an answer that may have been lost (row 12). While the vote's write is under way, its answer is to come yet. */
function regrant(turn: Turn, from: PeerId): void {
  const { s } = turn;
  if (!sendDurable(turn, from, grantReply(s, s.epoch))) return;
  emit(turn, { kind: "grant", epoch: s.epoch, candidate: from, write: s.writes, again: true });
}

function deny(turn: Turn, from: PeerId, message: Vote, why: DenyReason): void {
  const { epoch } = message;
  emit(turn, { kind: "deny", request: "vote", epoch, candidate: from, why });
  send(turn, from, denyReply(turn.s, epoch, why));
}
