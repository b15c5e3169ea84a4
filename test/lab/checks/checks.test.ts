import assert from "node:assert/strict";
import { test } from "node:test";
import type { Observations } from "../../../src/lab/checks/mod.ts";
import { CHECKS, judgeRun } from "../../../src/lab/checks/mod.ts";
import type { PlannedCheck } from "../../../src/lab/scenario/mod.ts";
import { scheduleOf } from "../run/support.ts";

const FILE = { name: "a.txt", size: 3, fileId: "f1" };

/** What was seen of a run in which all went well. */
const WELL: Observations = {
  schedule: scheduleOf({ cluster: { peers: 2, files: { perPeer: 1, size: 3 } } }),
  seed: "1",
  mode: "sim",
  fired: [],
  violations: [],
  journal: [{ v: 1, seq: 1, t: 0, kind: "election.win", peer: "peer-1", epoch: 1 }],
  downloads: [{ peer: "peer-2", name: "a.txt", asked: 1, done: 2, intact: true, attempts: 1 }],
  recovery: {
    healedAt: 100,
    agreedAt: 150,
    catalogueAt: 200,
    view: ["peer-1", "peer-2"].map((id) => ({
      id,
      up: true,
      role: id === "peer-1" ? "tracker" : "follower",
      epoch: 1,
      tracker: "peer-1",
    })),
    network: [{ ...FILE, holders: ["peer-1", "peer-2"] }],
    shared: { "peer-1": [FILE], "peer-2": [FILE] },
    pending: {},
  },
  stats: {
    failovers: [],
    spurious: 0,
    epochs: 1,
    messages: {},
    unavailable: 0,
    downloads: { done: 1, failed: 0, bytes: 3 },
  },
};

function verdictOf(seen: Partial<Observations>, check: string, planned: object = {}): string {
  const judged = CHECKS.get(check)!.judge({ ...WELL, ...seen }, { check, ...planned });
  return `${judged.verdict}: ${judged.message}`;
}

const recovery = (changes: object): Partial<Observations> => ({
  recovery: { ...WELL.recovery, ...changes },
});

test("every check passes where all went well", () => {
  for (const check of CHECKS.keys()) {
    if (check === "stat") continue;
    assert.match(verdictOf({}, check), /^pass: /, check);
  }
});

test("no agreement fails, and tells what each peer thought", () => {
  const { agreedAt: _agreedAt, ...never } = WELL.recovery;
  assert.match(
    verdictOf({ recovery: never }, "agreed", { within: 500 }),
    /^fail: no agreement within 500 ms: peer-1 tracker of epoch 1, follows peer-1; peer-2 /,
  );
  assert.match(verdictOf({}, "agreed", { within: 40 }), /^fail: agreed 50 ms after/);
});

test("a catalogue with one file more, one less or a wrong holder fails", () => {
  const listed = (...network: readonly object[]): string =>
    verdictOf(recovery({ network, catalogueAt: undefined }), "catalogue-truth");
  const right = { ...FILE, holders: ["peer-1", "peer-2"] };
  assert.match(listed(), /^fail: .*1 missing \(a\.txt\)/);
  assert.match(
    listed(right, { ...right, name: "b.txt" }),
    /^fail: .*1 that nobody shares \(b\.txt\)/,
  );
  assert.match(listed({ ...right, holders: ["peer-1"] }), /^fail: .*1 with other holders/);
});

test("a download that is damaged or never came fails", () => {
  const [good] = WELL.downloads;
  assert.match(
    verdictOf({ downloads: [{ ...good!, intact: false }] }, "downloads"),
    /^fail: 1 damaged, 0 of 1 missing: a\.txt at peer-2: is not what was shared/,
  );
  const lost = { peer: "peer-2", name: "a.txt", asked: 1, attempts: 9, failed: "no holder" };
  assert.match(verdictOf({ downloads: [lost] }, "downloads"), /^fail: .*no holder/);
  assert.match(verdictOf({ downloads: [] }, "downloads"), /^inconclusive: /);
});

test("an ask without an answer and a supervisor that gave up fail", () => {
  assert.match(verdictOf(recovery({ pending: { n3: 2 } }), "answered"), /^fail: 2 .*: 2 of n3/);
  const journal = [{ v: 1, seq: 9, t: 1, kind: "supervisor.gave_up", data: { intensity: 3 } }];
  assert.match(
    verdictOf({ journal } as Partial<Observations>, "supervision"),
    /^fail: .*more than 3 restarts/,
  );
});

test("a broken invariant fails the check of its name, with its evidence and its culprit", () => {
  const violations = [{ invariant: "I1", message: "two", evidence: [3, 4], peers: ["peer-1"] }];
  const judged = CHECKS.get("one-winner-per-epoch")!.judge(
    { ...WELL, violations },
    { check: "one-winner-per-epoch" },
  );
  assert.deepEqual([judged.verdict, judged.evidence, judged.culprit], ["fail", [3, 4], "I1"]);
  assert.match(verdictOf({ violations }, "votes-backed"), /^pass/);
});

test("a threshold without a sample is inconclusive, and one failure outweighs it", () => {
  const checks: readonly PlannedCheck[] = [
    { check: "stat", stat: "failover.p99", op: "<", limit: 500 },
  ];
  const seen = { ...WELL, schedule: { ...WELL.schedule, checks } };
  assert.equal(judgeRun(seen).verdict, "inconclusive");
  assert.equal(judgeRun(seen).checks[0]?.check, "failover.p99 < 500");
  const worse = [...checks, { check: "stat", stat: "epochs", op: ">", limit: 1 } as const];
  assert.equal(
    judgeRun({ ...seen, schedule: { ...WELL.schedule, checks: worse } }).verdict,
    "fail",
  );
});
