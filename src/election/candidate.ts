import type { PeerId } from "./identity.ts";
import { vote } from "./messages.ts";
import { addGrant, hasQuorum, quorumOf } from "./quorum.ts";
import { roundDelay } from "./timers.ts";
import { becomeTracker } from "./tracker.ts";
import { broadcast, emit, persist, setDeadline, type Turn } from "./turn.ts";
import type { VoteReply } from "./wire.ts";

/**
 * Stands for the next epoch (row 7). The requests may overtake the write, since they promise nothing; the own vote
 * counts when it is on disk, and there is no win without it.
 */
export function startCandidacy(turn: Turn): void {
  const { s, now, rnd } = turn;
  s.role = "candidate";
  s.epoch++;
  s.votedFor = s.settings.peerId;
  s.tally = [];
  setDeadline(turn, now + roundDelay(s, rnd));
  s.voteWrite = persist(turn);
  emit(turn, { kind: "candidate", epoch: s.epoch, write: s.voteWrite });
  broadcast(turn, vote(s));
}

/** Counts the own vote once its write is on disk (row 8). */
export function countOwnVote(turn: Turn): void {
  const { s } = turn;
  if (s.role === "candidate" && s.durable >= s.voteWrite) count(turn, s.settings.peerId);
}

/** Row 16, after row 17 has had its say: a grant counts only for a live candidate of that very epoch (R6). */
export function onVoteReply(turn: Turn, from: PeerId, message: VoteReply): void {
  const { s } = turn;
  if (s.role === "candidate" && message.granted && message.epoch === s.epoch) count(turn, from);
}

/** Counts a vote, and wins with it if it completes the quorum: one step (R7). */
function count(turn: Turn, from: PeerId): void {
  if (countGrant(turn, from) && hasQuorum(turn.s)) becomeTracker(turn);
}

/** Adds the grant of `from` to the tally; gives whether it is new. */
export function countGrant(turn: Turn, from: PeerId): boolean {
  const { s } = turn;
  const tally = addGrant(s.tally, s.config, from);
  if (tally === s.tally) return false;
  s.tally = tally;
  const needed = quorumOf(s.settings, s.config);
  emit(turn, { kind: "count", epoch: s.epoch, from, votes: tally.length, needed });
  return true;
}
