import { countGrant } from "./candidate.ts";
import { isVoter } from "./config.ts";
import type { Event } from "./events.ts";
import { follow, isRival, onLag, onPeerDown } from "./follower.ts";
import { type PeerId, precedes } from "./identity.ts";
import { denyReply, grantReply, heartbeat, vote } from "./messages.ts";
import { hasQuorum, quorumOf } from "./quorum.ts";
import { adopt, followerDeadline, forgetTracker, stepDown } from "./roles.ts";
import type { RecordRead } from "./record.ts";
import type { State } from "./state.ts";
import { halt, nameLearners, type Step, take } from "./stepping.ts";
import { FOREVER } from "./time.ts";
import { bootstrapDelay, type Rnd, roundDelay } from "./timers.ts";
import type { ForgetReason } from "./trace.ts";
import { arm, broadcast, broadcastToAll, emit, send, setDeadline } from "./turn.ts";
import type { Turn } from "./turn.ts";
import type { DenyReason, Heartbeat, Message, Vote, VoteReply } from "./wire.ts";

/**
 * **Unsafe, for experiments only**: one step of a peer that votes as the seed's README says. Two trackers can win one
 * epoch, since a peer that voted for itself gives that vote away to a smaller URI even after it has won with it
 * (reference `election.md` §1.2, T1); nothing is remembered over a restart, either.
 *
 * Same states, events and effects as the safe step. What the README leaves open is taken from the plainest reading: a
 * vote is counted when it comes, a round that fails is followed by another, a peer keeps the vote of its latest epoch
 * and refuses earlier ones, and who is asked for a vote in a higher epoch takes that epoch over.
 *
 * @param now ms on the peer's own monotonic clock; never less than before
 * @param rnd draws from [0, 1), from a generator of this peer's own
 *
 * @example
 * ```ts
 * const { settings } = resolveOptions({ ...options, protocol: "seed-literal", unsafe: true });
 * const { state, effects } = seedLiteralStep(initialState(settings), { kind: "boot", disk }, 0, random.next);
 * ```
 */
export function seedLiteralStep(state: State, event: Event, now: number, rnd: Rnd): Step {
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
      turn.s.durable = Math.max(turn.s.durable, event.write);
      return;
    case "persist_failed":
      turn.s.failed = Math.max(turn.s.failed, event.write);
      return;
    case "peer_down":
      return onPeerDown(turn, event.peer);
    case "reach":
      turn.s.reach = event.voters;
      return;
    case "reconfigure":
      return emit(turn, { kind: "config_refused", change: event.change, why: "not_tracker" });
    case "learners":
      return nameLearners(turn, event.peers);
    case "lag":
      return onLag(turn, event.ms);
    case "campaign":
      stepDown(turn, "resign");
      if (turn.s.role !== "learner") startElection(turn, "campaign");
      return;
    case "resign":
      if (turn.s.role === "tracker") stepDown(turn, "resign");
      return;
    case "stop":
      if (turn.s.role === "tracker") stepDown(turn, "resign");
      return halt(turn);
  }
}

/** Begins anew whatever the disk holds; only the starts are counted there, since others tell a peer's lives apart by them. */
function onBoot(turn: Turn, disk: RecordRead): void {
  const { s, now, rnd } = turn;
  s.phase = "up";
  s.role = isVoter(s.config, s.settings.peerId) ? "follower" : "learner";
  s.incarnation = (disk.kind === "ok" ? disk.record.incarnation : 0) + 1;
  emit(turn, { kind: "boot", epoch: s.epoch, incarnation: s.incarnation });
  if (disk.kind === "ok") {
    const record = { ...disk.record, incarnation: s.incarnation };
    turn.effects.push({ kind: "persist", write: ++s.writes, record, then: [] });
  }
  if (s.role === "follower") setDeadline(turn, now + bootstrapDelay(s.settings, s.config, rnd));
}

function onTimer(turn: Turn): void {
  const { s, now } = turn;
  s.armed = FOREVER;
  if (now < s.deadline) return arm(turn, s.deadline);
  if (s.role === "tracker") return sendHeartbeats(turn);
  if (s.role === "learner") return forgetTracker(turn, "timeout");
  if (s.role === "candidate") {
    s.fails++;
    stepDown(turn, "timeout");
  }
  startElection(turn, "timeout");
}

function onMessage(turn: Turn, from: PeerId, message: Message): void {
  switch (message.kind) {
    case "VOTE":
      return onVote(turn, from, message);
    case "VOTE_R":
      return onVoteReply(turn, from, message);
    case "HB":
      return onHeartbeat(turn, from, message);
  }
}

/** "A new election always tries for a higher epoch": votes for itself and asks all others. */
function startElection(turn: Turn, why: ForgetReason): void {
  const { s, now, rnd } = turn;
  forgetTracker(turn, why);
  s.role = "candidate";
  s.epoch++;
  s.votedFor = s.settings.peerId;
  s.tally = [];
  setDeadline(turn, now + roundDelay(s, rnd));
  emit(turn, { kind: "candidate", epoch: s.epoch, write: 0 });
  broadcast(turn, vote(s));
  count(turn, s.settings.peerId);
}

/** What the README answers to a request for a vote. `message.epoch` is at least `state.epoch`. */
function decide(state: State, from: PeerId, message: Vote): "grant" | "cede" | DenyReason {
  const { settings, epoch, votedFor } = state;
  if (message.epoch > epoch || votedFor === undefined || votedFor === from) return "grant";
  if (votedFor !== settings.peerId) return "voted";
  // The flaw: nobody asks whether the vote for itself has been counted already.
  return precedes(message.uri, from, settings.uri, settings.peerId) ? "cede" : "not_preferred";
}

function onVote(turn: Turn, from: PeerId, message: Vote): void {
  const { s } = turn;
  const why = denyUnconsidered(s, from, message) ?? decide(s, from, message);
  if (why !== "grant" && why !== "cede") {
    emit(turn, { kind: "deny", request: "vote", epoch: message.epoch, candidate: from, why });
    return send(turn, from, denyReply(s, message.epoch, why));
  }
  if (message.epoch > s.epoch) adopt(turn, message.epoch, "vote");
  const again = s.votedFor === from;
  if (why === "cede") emit(turn, { kind: "cede", epoch: s.epoch, to: from });
  if (s.role === "candidate") {
    s.role = "follower";
    s.tally = [];
  }
  s.votedFor = from;
  if (s.role === "follower") setDeadline(turn, followerDeadline(turn));
  emit(turn, { kind: "grant", epoch: s.epoch, candidate: from, write: 0, again });
  send(turn, from, grantReply(s, s.epoch));
}

function denyUnconsidered(state: State, from: PeerId, message: Vote): DenyReason | undefined {
  if (state.role === "learner") return "learner";
  if (!isVoter(state.config, from)) return "not_a_voter";
  return message.epoch < state.epoch ? "stale_epoch" : undefined;
}

function onVoteReply(turn: Turn, from: PeerId, message: VoteReply): void {
  const { s } = turn;
  if (s.role === "candidate" && message.granted && message.epoch === s.epoch) count(turn, from);
}

function count(turn: Turn, from: PeerId): void {
  if (countGrant(turn, from) && hasQuorum(turn.s)) win(turn);
}

function win(turn: Turn): void {
  const { s } = turn;
  emit(turn, {
    kind: "win",
    epoch: s.epoch,
    tally: s.tally,
    quorum: quorumOf(s.settings, s.config),
  });
  s.role = "tracker";
  s.tally = [];
  s.fails = 0;
  s.tracker = s.settings.peerId;
  s.trackerUri = s.settings.uri;
  s.seq = 0;
  // The seed knows no lease: who believes to be tracker serves.
  s.ackBase = FOREVER;
  sendHeartbeats(turn);
  emit(turn, { kind: "register", epoch: s.epoch });
  turn.effects.push({ kind: "register", epoch: s.epoch });
}

function sendHeartbeats(turn: Turn): void {
  const { s, now } = turn;
  s.seq++;
  setDeadline(turn, now + s.settings.heartbeat);
  broadcastToAll(turn, heartbeat(s));
}

/** The higher epoch is followed, and of two trackers of one epoch the smaller URI. */
function onHeartbeat(turn: Turn, from: PeerId, message: Heartbeat): void {
  const { s } = turn;
  if (!isVoter(s.config, from) || message.epoch < s.epoch) return;
  if (message.epoch > s.epoch) adopt(turn, message.epoch, "heartbeat");
  else if (isRival(turn, from, message)) return;
  follow(turn, from, message);
}
