import {
  type Change,
  changeVoters,
  compareConfig,
  type Config,
  type ConfigId,
  isVoter,
} from "./config.ts";
import type { PeerId } from "./identity.ts";
import { acksFor } from "./lease.ts";
import { configNews } from "./messages.ts";
import { quorumOf } from "./quorum.ts";
import { adopt, followerDeadline, stepDown } from "./roles.ts";
import type { State } from "./state.ts";
import type { ChangeRefusal } from "./trace.ts";
import { beat, broadcastToAll, emit, persist, send, setDeadline, type Turn } from "./turn.ts";
import type { Common, ConfigNews } from "./wire.ts";

// Changes of the electorate (§1.6): MongoDB's logless reconfiguration (Schultz, Dardik, Tripakis: "Design and
// verification of a logless dynamic reconfiguration protocol in MongoDB replication", OPODIS 2021). Two neighbouring
// electorates differ by one voter, so any quorum of one shares a peer with any quorum of the other; and the next is
// installed only when nobody can be elected under the one before the present any more.

/** Why a tracker may not take `change` on; undefined if it may. */
export function refuseChange(state: State, change: Change): ChangeRefusal | undefined {
  const { settings, role } = state;
  if (role !== "tracker") return "not_tracker";
  if (state.change !== undefined) return "busy";
  return "remove" in change && change.remove === settings.peerId ? "resign_first" : undefined;
}

/** Whether a quorum of the present electorate is known to hold it in this tracker's epoch (Q1 and Q2 in one). */
export function isAgreed(state: State): boolean {
  const { role, config, epoch, holders, settings } = state;
  return role === "tracker" && config.epoch === epoch &&
    holders.length >= quorumOf(settings, config);
}

/**
 * A tracker takes a change of the electorate on, and carries it out as soon as the present electorate is agreed on. Where
 * nothing has to change, it only sees to that.
 */
export function onReconfigure(turn: Turn, change: Change): void {
  const { s } = turn;
  const why = refuseChange(s, change);
  if (why !== undefined) return emit(turn, { kind: "config_refused", change, why });
  s.change = change;
  if (isAgreed(s) && isDone(s.config, change)) tellAgreed(turn);
  proceed(turn);
}

function isDone(config: Config, change: Change): boolean {
  return "add" in change ? isVoter(config, change.add) : !isVoter(config, change.remove);
}

function tellAgreed(turn: Turn): void {
  emit(turn, { kind: "config_agreed", ...turn.s.config });
}

/**
 * The next step of a change. A new tracker first makes the electorate one of its own epoch, which outdates whatever an
 * earlier tracker left unfinished; it does so only when there is something to change, so that elections write nothing
 * for it.
 */
function proceed(turn: Turn): void {
  const { s } = turn;
  if (s.change === undefined) return;
  if (s.config.epoch !== s.epoch) return rewrite(turn);
  if (!isAgreed(s)) return;
  const { change } = s;
  s.change = undefined;
  if (isDone(s.config, change)) return;
  const voters = changeVoters(s.config.voters, change);
  install(turn, { epoch: s.epoch, version: s.config.version + 1, voters });
}

function rewrite(turn: Turn): void {
  const { s } = turn;
  install(turn, { ...s.config, epoch: s.epoch });
}

/** A tracker moves on to an electorate, and tells everybody, those that it leaves out as well. */
function install(turn: Turn, config: Config): void {
  const { s } = turn;
  const acks = acksFor(s, config);
  setConfig(turn, config);
  Object.assign(s, acks);
  // A new voter has answered nothing yet: that alone must not cost the tracker its office.
  s.graceUntil = turn.now + s.settings.lease;
  s.holders = [];
  s.configWrite = persist(turn);
  broadcastToAll(turn, configNews(s));
  beat(turn);
}

function setConfig(turn: Turn, config: Config): void {
  const { s } = turn;
  const { peerId } = s.settings;
  emit(turn, { kind: "config", ...config, before: s.config.voters });
  const others = new Set([...s.learners, ...s.config.voters]);
  s.learners = [...others].filter((peer) => peer !== peerId && !isVoter(config, peer));
  s.config = config;
}

/** An answer to a heartbeat also tells which electorate its sender holds. */
export function noteHolder(turn: Turn, from: PeerId, held: ConfigId): void {
  const { s } = turn;
  if (s.config.epoch === s.epoch && compareConfig(held.epoch, held.version, s.config) === 0) {
    hold(turn, from);
  }
}

/** The tracker itself holds what is on its own disk. */
export function noteOwnConfig(turn: Turn): void {
  const { s } = turn;
  if (s.role !== "tracker" || s.config.epoch !== s.epoch || s.durable < s.configWrite) return;
  hold(turn, s.settings.peerId);
}

function hold(turn: Turn, peer: PeerId): void {
  const { s } = turn;
  if (!isVoter(s.config, peer) || s.holders.includes(peer)) return;
  s.holders = [...s.holders, peer];
  if (s.holders.length !== quorumOf(s.settings, s.config)) return;
  tellAgreed(turn);
  proceed(turn);
}

/**
 * Looks at the electorate that a message was sent under. Whoever is behind is told the newer one. A tracker that is
 * behind makes its own newer: the other was left unfinished by a tracker before it.
 */
export function compareNotes(turn: Turn, from: PeerId, message: Common): void {
  const { s } = turn;
  const order = compareConfig(message.configEpoch, message.configVersion, s.config);
  if (order < 0) send(turn, from, configNews(s));
  else if (order > 0 && s.role === "tracker" && message.configEpoch < s.epoch) rewrite(turn);
}

/** Takes over a newer electorate, whoever tells it. */
export function onConfigNews(turn: Turn, message: ConfigNews): void {
  const { s } = turn;
  const { configEpoch: epoch, configVersion: version, voters } = message;
  if (compareConfig(epoch, version, s.config) <= 0) return;
  if (s.role === "tracker" && epoch <= s.epoch) return rewrite(turn);
  if (epoch > s.epoch) adopt(turn, epoch, "config");
  // Votes asked for under one electorate are not counted under another.
  if (s.role === "candidate" || s.role === "precandidate") leaveRound(turn);
  setConfig(turn, { epoch, version, voters });
  if (s.lost) return;
  changeStanding(turn);
  s.configWrite = persist(turn);
}

function leaveRound(turn: Turn): void {
  stepDown(turn, "config");
  setDeadline(turn, followerDeadline(turn));
}

/** A learner that the electorate names becomes a voter, a voter that it leaves out a learner. */
function changeStanding(turn: Turn): void {
  const { s } = turn;
  const votes = isVoter(s.config, s.settings.peerId);
  if (votes === (s.role !== "learner")) return;
  if (votes) {
    s.role = "follower";
    setDeadline(turn, followerDeadline(turn));
    return emit(turn, { kind: "voter", epoch: s.epoch });
  }
  s.role = "learner";
  emit(turn, { kind: "learner", why: "removed", detail: s.config.voters.join(", ") });
}
