import { noAcks } from "./lease.ts";
import { followerDelay, lagBonus } from "./timers.ts";
import type { AdoptReason, ForgetReason, StepDownReason } from "./trace.ts";
import { emit, setDeadline, type Turn } from "./turn.ts";

/** When a follower that starts to wait now gives up. */
export function followerDeadline({ s, now, rnd }: Turn): number {
  return now + followerDelay(s.settings, rnd) + lagBonus(s.settings, s.lag);
}

/**
 * Leaves the role for that of a follower of nobody. The vote stays what it is: a vote for itself is sealed from now on
 * (R5), since only a candidate may cede. A tracker that leaves waits a full timeout (row 24).
 */
export function stepDown(turn: Turn, why: StepDownReason): void {
  const { s } = turn;
  if (s.role === "learner" || s.role === "follower") return;
  const { role, epoch } = s;
  s.role = "follower";
  s.tally = [];
  emit(turn, { kind: "stepdown", epoch, role, why });
  if (role === "tracker") leaveOffice(turn);
}

function leaveOffice(turn: Turn): void {
  const { s } = turn;
  s.tracker = undefined;
  s.trackerUri = "";
  s.seq = 0;
  Object.assign(s, noAcks(s.settings, s.config));
  s.holders = [];
  if (s.change !== undefined) emit(turn, { kind: "config_dropped", change: s.change });
  s.change = undefined;
  emit(turn, { kind: "unregister", epoch: s.epoch });
  turn.effects.push({ kind: "unregister", epoch: s.epoch });
  setDeadline(turn, followerDeadline(turn));
}

/**
 * Takes over a higher epoch (rows 10, 17, 18, 20, 28): follower, no vote in it yet, no tracker of it known, the deadline
 * kept. The caller writes it to disk.
 */
export function adopt(turn: Turn, epoch: number, why: AdoptReason): void {
  const { s } = turn;
  stepDown(turn, "higher_epoch");
  emit(turn, { kind: "adopt", epoch, before: s.epoch, why });
  s.epoch = epoch;
  s.votedFor = undefined;
  s.tracker = undefined;
  s.trackerUri = "";
  s.owed = 0;
}

/** Follows nobody any more; the promise to the tracker (`lastHeard`) is another matter and stays. */
export function forgetTracker(turn: Turn, why: ForgetReason): void {
  const { s } = turn;
  if (s.tracker === undefined) return;
  emit(turn, { kind: "forget", epoch: s.epoch, tracker: s.tracker, why });
  s.tracker = undefined;
  s.trackerUri = "";
  s.owed = 0;
}
