import type { PeerId } from "./identity.ts";
import { addAck, isServing, leaseUntil, noAcks } from "./lease.ts";
import { noteHolder } from "./membership.ts";
import { resignation } from "./messages.ts";
import { quorumOf } from "./quorum.ts";
import { adopt, stepDown } from "./roles.ts";
import type { State } from "./state.ts";
import { NEVER } from "./time.ts";
import { beat, broadcastToAll, emit, persist, type Turn } from "./turn.ts";
import type { HeartbeatReply } from "./wire.ts";

/** Wins: role, first heartbeat and all are one step (row 16, R7). The name follows and has no say in it. */
export function becomeTracker(turn: Turn): void {
  const { s, now } = turn;
  const quorum = quorumOf(s.settings, s.config);
  emit(turn, { kind: "win", epoch: s.epoch, tally: s.tally, quorum });
  s.role = "tracker";
  s.tally = [];
  s.fails = 0;
  s.tracker = s.settings.peerId;
  s.trackerUri = s.settings.uri;
  s.seq = 0;
  Object.assign(s, noAcks(s.settings, s.config));
  s.graceUntil = now + s.settings.lease;
  s.holders = [];
  beat(turn);
  emit(turn, { kind: "register", epoch: s.epoch });
  turn.effects.push({ kind: "register", epoch: s.epoch });
}

/** Whether a tracker may stay in office at `now` (rows 23, 24: check-quorum). */
export function mayStay(state: State, now: number): boolean {
  return isServing(state, now) || now < state.graceUntil;
}

/** Rows 23 and 24. */
export function onHeartbeatTick(turn: Turn): void {
  const { s, now } = turn;
  if (mayStay(s, now)) return beat(turn);
  if (s.ackBase !== NEVER) emit(turn, { kind: "lease_lost", epoch: s.epoch, until: leaseUntil(s) });
  stepDown(turn, "lease_lost");
}

/** Row 22, after row 17 has had its say. */
export function onHeartbeatReply(turn: Turn, from: PeerId, message: HeartbeatReply): void {
  const { s, now } = turn;
  if (s.role !== "tracker" || message.epoch !== s.epoch || message.myEpoch !== s.epoch) return;
  const served = isServing(s, now);
  // Every other message of a calm cluster comes here, and Object.assign is slow.
  const { acks, ackBase } = addAck(s, from, message.seq);
  s.acks = acks;
  s.ackBase = ackBase;
  noteHolder(turn, from, { epoch: message.configEpoch, version: message.configVersion });
  if (served || !isServing(s, now)) return;
  emit(turn, { kind: "lease_gained", epoch: s.epoch, until: leaseUntil(s) });
}

/** Row 25: the lease ends with the role, and only then do the others hear of it. */
export function resign(turn: Turn): void {
  const { s } = turn;
  if (s.role !== "tracker") return;
  emit(turn, { kind: "resign", epoch: s.epoch });
  stepDown(turn, "resign");
  broadcastToAll(turn, resignation(s, s.epoch));
}

/** Row 28. A registry is no authority, but an epoch it knows was won by someone. */
export function onRegistryEpoch(turn: Turn, epoch: number): void {
  if (turn.s.role !== "tracker" || epoch <= turn.s.epoch) return;
  adopt(turn, epoch, "registry");
  persist(turn);
}
