import assert from "node:assert/strict";
import { test } from "node:test";
import { parseScenario, problemLines, ScenarioError } from "../../../src/lab/scenario/mod.ts";

const GOOD = `scenario: bridge keeps a tracker
cluster: { peers: 5, files: { per-peer: 2, size: 1KiB..64KiB } }
faults:
  - { at: 1s, do: partition, shape: bridge, who: tracker, for: 3s }
  - { at: every 700ms..1300ms, until: 20s, do: crash, who: minority, for: 200ms..900ms }
  - { when: { event: win, nth: 2 }, do: pause, who: "@event.peer", for: 400ms }
  - { at: 5s, do: nemesis, mix: [{ do: crash, weight: 2 }, { do: link, loss: 0.1, for: 1s }] }
work:
  - { at: 2s, do: download, who: all, files: 2 }
expect:
  always: [one-winner-per-epoch, votes-backed]
  eventually: { agreed: 2s }
  stats: { failover.all.p99: "< 500ms" }
runs: { seeds: 3..500, mode: sim }
`;

test("a scenario file comes to a schedule in ms and bytes", async () => {
  const { schedule, runs } = await parseScenario(GOOD);
  assert.deepEqual(runs, { mode: "sim", seed: 3, count: 498 });
  assert.deepEqual(schedule.cluster.files, { perPeer: 2, size: { min: 1_024, max: 65_536 } });
  assert.deepEqual(schedule.faults.map(({ id, verb, when }) => [id, verb, when]), [
    ["f1", "partition", { at: 1_000 }],
    ["f2", "crash", { every: { min: 700, max: 1_300 }, until: 20_000 }],
    ["f3", "pause", { event: "win", nth: 2 }],
    ["f4", "nemesis", { at: 5_000 }],
  ]);
  assert.deepEqual(schedule.faults[1]?.for, { min: 200, max: 900 });
  assert.deepEqual(schedule.checks.at(-1), {
    check: "stat",
    stat: "failover.all.p99",
    op: "<",
    limit: 500,
  });
  assert.deepEqual([schedule.until, schedule.quiet], [10_000, 5_000]);
});

test("a scenario that demands nothing is held to a safe election and a tracker at the end", async () => {
  const { schedule } = await parseScenario("scenario: quiet");
  const names = schedule.checks.map(({ check }) => check);
  assert.ok(names.includes("one-winner-per-epoch") && names.includes("agreed"));
});

test("JSON is read as well", async () => {
  const { schedule } = await parseScenario(
    '{ "scenario": "json", "faults": [{ "at": 250, "do": "resign", "who": "tracker" }] }',
  );
  assert.deepEqual(schedule.faults[0]?.when, { at: 250 });
});

test("values can be set from outside, and are checked like those of the file", async () => {
  const { schedule } = await parseScenario(GOOD, {
    set: { "cluster.peers": "7", "faults.0.for": "1s..2s" },
  });
  assert.equal(schedule.cluster.peers, 7);
  assert.deepEqual(schedule.faults[0]?.for, { min: 1_000, max: 2_000 });
  await assert.rejects(parseScenario(GOOD, { set: { "cluster.peers": "many" } }), ScenarioError);
});

const MISTAKES: readonly (readonly [what: string, from: string, to: string, message: string])[] = [
  [
    "an unknown key",
    "shape:",
    "shap:",
    'x.yaml:4:30  faults[0]: unknown key "shap" - did you mean "shape"?',
  ],
  [
    "an unknown verb",
    "partition",
    "partiton",
    'x.yaml:4:19  faults[0].do is "partiton" - did you mean "partition"?',
  ],
  [
    "no duration",
    "at: 1s",
    "at: 1 parsec",
    'x.yaml:4:11  faults[0].at is "1 parsec", expected a time from the start of the run: 2s, 1s..3s; or again and again: every 700ms..1300ms',
  ],
  [
    "an unknown check",
    "votes-backed",
    "votes-baked",
    'x.yaml:11:34  expect.always[1]: there is no check "votes-baked" - did you mean "votes-backed"?',
  ],
  [
    "an unknown target",
    "who: all",
    "who: al",
    'x.yaml:9:34  work[0].who is "al" - did you mean "all"?',
  ],
  [
    "a peer that there is not",
    "who: minority",
    "who: 9",
    'x.yaml:5:60  faults[1].who is "9", expected one of peer-1 to peer-5',
  ],
  [
    "a missing name",
    "scenario: bridge keeps a tracker\n",
    "",
    'x.yaml:1:1  the file: "scenario" is missing',
  ],
  [
    "a missing time",
    "at: 2s, ",
    "",
    'x.yaml:9:5  work[0]: expected "at" (a time) or "when" (an event)',
  ],
  [
    "too much",
    "loss: 0.1",
    "loss: 3",
    "x.yaml:7:78  faults[3].mix[1].loss is 3, expected at most 1",
  ],
  [
    "no threshold",
    "< 500ms",
    "500",
    'x.yaml:13:30  expect.stats.failover.all.p99 is "500", expected such as "< 500ms" or ">= 3"',
  ],
];

for (const [what, from, to, message] of MISTAKES) {
  test(`${what} is told with file, line, column, the line itself and a caret`, async () => {
    const error = await parseScenario(GOOD.replace(from, to), { name: "x.yaml" }).catch((e) => e);
    assert.ok(error instanceof ScenarioError, `${error}`);
    const [first, line, caret] = problemLines(error.problems[0]!);
    assert.equal(first, message);
    const column = Number(/:(\d+) {2}/.exec(message)?.[1]);
    assert.equal(caret?.indexOf("^"), (line?.indexOf("|") ?? 0) + 1 + column);
  });
}

test("a file that is no YAML is told with its line", async () => {
  const broken = parseScenario("scenario: a\nfaults: [", { name: "x.yaml" });
  await assert.rejects(broken, /x\.yaml:2:\d+ {2}/);
});
