import type { RunResult, TraceLine } from "../../../src/lab/run/mod.ts";
import type { ReportInput } from "../../../src/lab/report/mod.ts";

/** A small trace by hand: peer-1 is tracker, is crashed, peer-2 is elected; one message is dropped. */
export const LINES: readonly TraceLine[] = [
  { kind: "peer.up", peer: "peer-1", t: 1 },
  { kind: "peer.up", peer: "peer-2", t: 1 },
  { kind: "peer.up", peer: "peer-3", t: 2 },
  { kind: "election.win", peer: "peer-1", t: 20, data: { epoch: 1, tally: ["peer-1", "peer-2"] } },
  { kind: "peer.role", peer: "peer-1", t: 20, data: { role: "tracker", epoch: 1 } },
  { kind: "peer.role", peer: "peer-2", t: 21, data: { role: "follower", epoch: 1 } },
  { kind: "peer.role", peer: "peer-3", t: 21, data: { role: "follower", epoch: 1 } },
  { kind: "catalogue.complete", peer: "peer-1", t: 40, data: { epoch: 1, files: 9 } },
  { kind: "fault.crash", peer: "peer-1", t: 500, data: { id: 1, how: "terminate" } },
  { kind: "peer.down", peer: "peer-1", t: 500.5 },
  { kind: "peer.role", peer: "peer-2", t: 700, data: { role: "candidate", epoch: 2 } },
  { kind: "election.candidate", peer: "peer-2", t: 700, data: { epoch: 2 } },
  sent(12, "peer-2", "peer-3", "vote", "m1", 700.2, 11),
  sent(13, "peer-2", "peer-1", "vote", "m2", 700.2, 11),
  { kind: "message.dropped", peer: "peer-2", t: 700.2, data: { mid: "m2", why: "down" } },
  { kind: "message.received", peer: "peer-3", t: 700.6, data: { mid: "m1" }, cause: 12 },
  {
    kind: "election.grant",
    peer: "peer-3",
    t: 700.7,
    data: { epoch: 2, candidate: "peer-2" },
    cause: 15,
  },
  sent(17, "peer-3", "peer-2", "vote_reply", "m3", 701, 16),
  { kind: "message.received", peer: "peer-2", t: 701.4, data: { mid: "m3" }, cause: 17 },
  { kind: "election.win", peer: "peer-2", t: 701.5, data: { epoch: 2 }, cause: 18 },
  { kind: "peer.role", peer: "peer-2", t: 701.5, data: { role: "tracker", epoch: 2 } },
  { kind: "peer.role", peer: "peer-3", t: 702, data: { role: "follower", epoch: 2 } },
  { kind: "download.done", peer: "peer-3", t: 900, data: { name: "a.txt" } },
].map((line, seq) => ({ v: 1, ...line, seq }) as TraceLine);

function sent(
  _seq: number,
  peer: string,
  to: string,
  message: string,
  mid: string,
  t: number,
  cause: number,
): Omit<TraceLine, "v" | "seq"> {
  return { kind: "message.sent", peer, t, cause, data: { to, message, mid, epoch: 2 } };
}

export function sampleResult(seed: string, all: number): RunResult {
  const failover = {
    at: 500,
    lost: "peer-1",
    next: "peer-2",
    epoch: 2,
    detect: all - 10,
    prevote: 2,
    vote: 3,
    register: 1,
    adopt: 4,
    win: all - 5,
    all,
    epochs: 1,
    split: false,
  };
  return {
    v: 1,
    name: "tracker crash",
    seed,
    mode: "sim",
    verdict: "fail",
    checks: [
      { check: "one-winner-per-epoch", verdict: "pass", message: "2 epochs, 2 winners" },
      {
        check: "failover.p99 < 150",
        verdict: "fail",
        message: "too slow",
        measured: all,
        limit: 150,
        evidence: [19],
      },
    ],
    undone: [],
    fired: [{
      id: "f1",
      planned: "f1",
      at: 500,
      verb: "crash",
      peers: ["peer-1"],
      with: { how: "terminate" },
      for: 400,
    }],
    stats: {
      failovers: [failover],
      spurious: 0,
      epochs: 2,
      messages: { vote: 2 },
      unavailable: all,
      downloads: { done: 1, failed: 0, bytes: 100 },
    },
    ms: 1000,
    tookMs: 12,
  };
}

/** A report of `n` runs whose first is shown event by event. */
export function sampleInput(n: number): ReportInput {
  const results = Array.from({ length: n }, (_, i) => sampleResult(String(42 + i), 180 + 3 * i));
  return {
    schedule: {
      v: 1,
      name: "tracker crash <&>",
      teaches: "Who follows a tracker that is gone, and when.",
      cluster: { peers: 3 },
      faults: [{ id: "f1", when: { at: 500 }, verb: "crash", who: "tracker" }],
      work: [],
      checks: [{ check: "one-winner-per-epoch" }],
      until: 1000,
      quiet: 1000,
    },
    results,
    traced: [{ why: "the worst run", result: results[0]!, lines: LINES }],
    commands: ["troupe replay latest --seed 42"],
    facts: { runtime: "node 20" },
  };
}
