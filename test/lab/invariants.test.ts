import assert from "node:assert/strict";
import process from "node:process";
import { describe, it } from "node:test";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import type { Observed, Setup, Violation } from "../../src/lab/invariants/mod.ts";
import { INVARIANTS, TraceChecker, violationLines } from "../../src/lab/invariants/mod.ts";

type Line = readonly [peer: string, event: Observed, at?: number];

/** Shows a log, an event a millisecond unless told otherwise; gives what it breaks. */
function check(log: readonly Line[], setup: Partial<Setup> = {}): Violation[] {
  const found: Violation[] = [];
  const checker = new TraceChecker(
    { voters: ["a", "b", "c"], complete: true, ...setup },
    (violation) => found.push(violation),
  );
  log.forEach(([peer, event, at], i) => checker.see(at ?? i, peer, event));
  return found;
}

const stored = (epoch: number, votedFor?: string): Observed => ({
  kind: "stored",
  epoch,
  votedFor,
});
const prevotes = (peer: string, epoch: number, ...by: string[]): Line[] =>
  by.map((voter) => [voter, { kind: "prevote_grant", epoch, candidate: peer }]);
const stand = (peer: string, epoch: number): Line[] => [
  [peer, { kind: "candidate", epoch, write: 1 }],
  [peer, stored(epoch, peer)],
  [peer, { kind: "count", epoch, from: peer, votes: 1, needed: 2 }],
];
const vote = (voter: string, peer: string, epoch: number): Line[] => [
  [voter, stored(epoch, peer)],
  [peer, { kind: "count", epoch, from: voter, votes: 2, needed: 2 }],
];
const win = (peer: string, epoch: number, ...tally: string[]): Line => [
  peer,
  { kind: "win", epoch, tally, quorum: 2 },
];

/** b wins epoch 1 with c. */
const ELECTION: readonly Line[] = [
  ...prevotes("b", 1, "a", "c"),
  ...stand("b", 1),
  ...vote("c", "b", 1),
  win("b", 1, "b", "c"),
  ["a", { kind: "adopt", epoch: 1, before: 0, why: "heartbeat" }],
  ["a", { kind: "follow", epoch: 1, tracker: "b" }],
  ["b", { kind: "lease_gained", epoch: 1, until: 100 }],
  ["b", { kind: "registered", epoch: 1, highest: 1 }],
];

/** What breaks each, and nothing else. */
const BROKEN: Readonly<Record<string, readonly Line[]>> = {
  I1: [...ELECTION, ["a", { kind: "violation", invariant: "I1", epoch: 1, peers: ["a", "b"] }]],
  I2: [...prevotes("b", 1, "a"), ...stand("b", 1), win("b", 1, "b", "b")],
  I3: [...ELECTION, ["c", stored(1, "a")]],
  I4: [
    ...prevotes("b", 1, "a"),
    ...stand("b", 1),
    ["b", { kind: "cede", epoch: 1, to: "a" }],
    ...vote("c", "b", 1),
  ],
  I5: [...ELECTION, ["b", stored(0)]],
  I6: [
    ...ELECTION,
    ["c", { kind: "lease_gained", epoch: 2, until: 900 }],
    ["b", { kind: "served", epoch: 1, until: 800 }],
  ],
  I7: [...ELECTION, ["c", { kind: "registered", epoch: 1, highest: 1 }]],
  I8: [...stand("b", 1)],
  I9: [["a", { kind: "follow", epoch: 1, tracker: "c" }]],
  I10: [
    ...prevotes("b", 1, "a"),
    ...stand("b", 1),
    ["b", { kind: "count", epoch: 1, from: "c", votes: 2, needed: 2 }],
  ],
};

describe("the trace checker", () => {
  it("finds nothing in an election as it should be", () => {
    assert.deepEqual(check(ELECTION), []);
    assert.deepEqual(check(ELECTION, { complete: false }), []);
  });

  for (const { id, says } of INVARIANTS) {
    it(`${id}: ${says}`, () => {
      const found = check(BROKEN[id] ?? []);
      assert.deepEqual(found.map(({ invariant }) => invariant), [id]);
    });
  }

  it("knows two winners of one epoch by history, not by what they are now", () => {
    const [violation] = check([
      ...ELECTION,
      ["b", { kind: "stepdown", epoch: 1, role: "tracker", why: "lease_lost" }],
      ...prevotes("a", 1, "c"),
      win("a", 1, "a", "b"),
    ], { only: ["I1"] });
    assert.match(violation!.message, /^b and a both won epoch 1$/);
    const lines = violationLines(violation!);
    assert.ok(
      lines.some((line) => / c {2}stored {2}epoch 1, votedFor b$/.test(line)),
      lines.join("\n"),
    );
    assert.ok(lines.some((line) => / a {2}win {2}epoch 1, tally a\+b/.test(line)));
  });

  it("lets a candidate cede to a smaller one, once, and not after its candidacy", () => {
    const ceding: Line[] = [
      ...prevotes("b", 1, "a"),
      ...stand("b", 1),
      ["b", { kind: "cede", epoch: 1, to: "a" }],
      ["b", stored(1, "a")],
    ];
    assert.deepEqual(check(ceding), []);
    const late = ceding.toSpliced(-2, 0, [
      "b",
      { kind: "stepdown", epoch: 1, role: "candidate", why: "timeout" },
    ]);
    assert.deepEqual(check(late).map(({ invariant }) => invariant), ["I3"]);
    const again: Line[] = [...ceding, ["b", stored(1, "c")]];
    assert.deepEqual(check(again).map(({ invariant }) => invariant), ["I3"]);
  });

  it("waits for what another thread has yet to tell, and excuses the dead", () => {
    const timed = ELECTION.map(([peer, event], at): Line => [peer, event, at]);
    const late = [
      ...timed.filter(([peer]) => peer !== "c"),
      ...timed.filter(([peer]) => peer === "c"),
    ];
    const live = { complete: false };
    assert.deepEqual(check(late, live), []);
    const silent = ELECTION.filter(([peer]) => peer !== "c");
    assert.deepEqual(check(silent, live), [], "c may tell it yet");
    const spoken: Line[] = [...silent, ["c", { kind: "follow", epoch: 1, tracker: "b" }]];
    assert.deepEqual(check(spoken, live).map(({ invariant }) => invariant), ["I10"]);
    const dead: Line[] = [...silent, ["c", { kind: "down" }], ["c", stored(1)]];
    assert.deepEqual(check(dead, live), [], "c took it along");
  });

  it("needs no more memory for a long run", () => {
    const checker = new TraceChecker({ voters: ["a", "b", "c"], complete: true }, () => {});
    const round = (epoch: number): void => {
      for (const [peer, event] of ELECTION) {
        checker.see(epoch, peer, "epoch" in event ? { ...event, epoch } : event);
      }
    };
    for (let epoch = 1; epoch < 3_000; epoch++) round(epoch);
    const before = heapAfterCollection();
    for (let epoch = 3_000; epoch < 20_000; epoch++) round(epoch);
    assert.ok(heapAfterCollection() - before < 4 * 2 ** 20);
    assert.ok(checker.events > 200_000);
  });
});

function heapAfterCollection(): number {
  setFlagsFromString("--expose-gc");
  (runInNewContext("gc") as () => void)();
  return process.memoryUsage().heapUsed;
}
