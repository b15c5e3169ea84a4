import { isVoter } from "./config.ts";
import type { PeerId } from "./identity.ts";
import { startPreVote } from "./prevote.ts";
import type { RecordRead } from "./record.ts";
import { followerDeadline } from "./roles.ts";
import { FOREVER, NEVER } from "./time.ts";
import { bootstrapDelay } from "./timers.ts";
import type { LearnerReason } from "./trace.ts";
import { emit, persist, setDeadline, type Turn } from "./turn.ts";

/** Rows 1 and 2. */
export function onBoot(turn: Turn, disk: RecordRead): void {
  const { s } = turn;
  s.phase = "up";
  if (disk.kind !== "ok") {
    s.lost = true;
    return becomeLearner(turn, disk.kind, detailOf(disk));
  }
  const { epoch, votedFor, config, incarnation } = disk.record;
  s.epoch = epoch;
  s.votedFor = votedFor;
  s.config = config;
  s.incarnation = incarnation + 1;
  emit(turn, { kind: "boot", epoch, incarnation: s.incarnation });
  const { electorate, peerId } = s.settings;
  if (!sameElectorate(config.voters, electorate)) {
    emit(turn, { kind: "config_kept", kept: config.voters, asked: electorate });
  }
  s.configWrite = persist(turn);
  if (!isVoter(config, peerId)) {
    return becomeLearner(turn, "not_in_electorate", config.voters.join(", "));
  }
  s.role = "follower";
  startWaiting(turn, incarnation === 0);
}

/**
 * A restarted voter forgot whom it promised what, so it keeps still as if it had just heard a tracker (boot
 * stickiness). One that never ran, or is alone, owes nothing to anybody.
 */
function startWaiting(turn: Turn, first: boolean): void {
  const { s, now, rnd } = turn;
  if (s.config.voters.length === 1) return startPreVote(turn, "timeout");
  s.lastHeard = first ? NEVER : now;
  setDeadline(
    turn,
    first ? now + bootstrapDelay(s.settings, s.config, rnd) : followerDeadline(turn),
  );
}

function becomeLearner(turn: Turn, why: LearnerReason, detail: string): void {
  turn.s.role = "learner";
  turn.s.deadline = FOREVER;
  emit(turn, { kind: "learner", why, detail });
}

function detailOf(disk: Exclude<RecordRead, { kind: "ok" }>): string {
  switch (disk.kind) {
    case "missing":
      return "there is no record";
    case "torn":
      return disk.why;
    case "foreign":
      return `the record is of ${disk.owner}`;
    case "newer":
      return `the record has version ${disk.version}`;
  }
}

function sameElectorate(a: readonly PeerId[], b: readonly PeerId[]): boolean {
  if (a.length !== b.length) return false;
  // As a rule the order is the same too, and looking up each of thousands at thousands of peers takes minutes.
  if (a.every((peer, i) => peer === b[i])) return true;
  const known = new Set(b);
  return a.every((peer) => known.has(peer));
}
