import type { Config } from "./config.ts";
import type { PeerId } from "./identity.ts";
import type { Settings } from "./options.ts";
import { quorumOf } from "./quorum.ts";
import type { State } from "./state.ts";
import { FOREVER, NEVER } from "./time.ts";

/** More rounds of heartbeats than these are not remembered; a later answer counts as lost, which is safe. */
const MAX_ROUNDS = 64;

/**
 * Until when a quorum's promises hold, ms on the peer's clock: `lease` after the **send** time of the oldest heartbeat
 * among the newest that make a quorum (§1.4 "Lease"). {@linkcode NEVER} for who is no tracker or has no answers yet,
 * {@linkcode FOREVER} for a quorum of one.
 */
export function leaseUntil(state: State): number {
  if (state.phase !== "up" || state.role !== "tracker" || state.ackBase === NEVER) return NEVER;
  return state.ackBase === FOREVER ? FOREVER : state.ackBase + state.settings.lease;
}

/**
 * Whether this peer may answer as tracker at `now`. To be asked for every request, since a blocked event loop lets no
 * timer tell that a lease is over.
 */
export function isServing(state: State, now: number): boolean {
  return now < leaseUntil(state);
}

/** Whether a promise not to vote against a tracker still holds: `timeoutMin` from its last heartbeat, or from boot. */
export function isPromised(state: State, now: number): boolean {
  return now - state.lastHeard < state.settings.timeoutMin;
}

/** Whether requests for a higher epoch are refused, and that epoch not taken over (row 9, stickiness). */
export function inLease(state: State, now: number): boolean {
  return state.role === "tracker" ? isServing(state, now) : isPromised(state, now);
}

/** What a tracker knows of its voters' answers. */
export type Acks = Pick<State, "sent" | "acks" | "ackBase">;

/** Before the first answer. */
export function noAcks(settings: Settings, config: Config): Acks {
  const others = quorumOf(settings, config) - 1;
  return {
    sent: [],
    acks: config.voters.map(() => NEVER),
    ackBase: others === 0 ? FOREVER : NEVER,
  };
}

/** The same for another electorate: what its members answered before still counts. */
export function acksFor(state: State, config: Config): Pick<State, "acks" | "ackBase"> {
  const { settings } = state;
  const acks = config.voters.map((voter) =>
    state.acks[state.config.voters.indexOf(voter)] ?? NEVER
  );
  const others = quorumOf(settings, config) - 1;
  if (others === 0) return { acks, ackBase: FOREVER };
  const newestFirst = acks.toSorted((a, b) => b - a);
  return { acks, ackBase: newestFirst[others - 1] ?? NEVER };
}

/** `sent` with a round that leaves at `now`, without rounds too old to hold a lease. */
export function addRound(
  sent: readonly number[],
  settings: Settings,
  now: number,
): readonly number[] {
  const kept = Math.min(Math.ceil(settings.lease / settings.heartbeat) + 1, MAX_ROUNDS);
  const rounds = sent.length < kept ? sent.slice() : sent.slice(sent.length - kept + 1);
  rounds.push(now);
  return rounds;
}

/** When round `seq` was sent; {@linkcode NEVER} if it is forgotten or never was. */
export function sentAt(state: State, seq: number): number {
  return state.sent[state.sent.length - 1 - (state.seq - seq)] ?? NEVER;
}

/** The acks after `from` answered round `seq` (row 22); the same object's fields if that is nothing new. */
export function addAck(state: State, from: PeerId, seq: number): Acks {
  const { acks, ackBase, sent } = state;
  const voter = state.config.voters.indexOf(from);
  const before = acks[voter];
  const at = sentAt(state, seq);
  if (before === undefined || at <= before) return { sent, acks, ackBase };
  const after = acks.slice();
  after[voter] = at;
  return { sent, acks: after, ackBase: raiseBase(ackBase, before, at, after, othersNeeded(state)) };
}

function othersNeeded({ settings, config }: State): number {
  return quorumOf(settings, config) - 1;
}

/** The `needed`-th newest of `acks` after one of them rose from `before` to `at`, without sorting them. */
function raiseBase(
  base: number,
  before: number,
  at: number,
  acks: readonly number[],
  needed: number,
): number {
  if (at <= base || before > base) return base;
  let newer = 0;
  let oldest = FOREVER;
  for (const ack of acks) {
    if (ack <= base) continue;
    newer++;
    if (ack < oldest) oldest = ack;
  }
  return newer >= needed ? oldest : base;
}
