import assert from "node:assert/strict";
import { test } from "node:test";
import type { TraceLine } from "../../../src/lab/run/mod.ts";
import { concretise, runSchedule } from "../../../src/lab/run/mod.ts";
import { scheduleOf } from "./support.ts";

const crashes = scheduleOf({
  faults: [
    { id: "f1", when: { at: 1_000 }, verb: "crash", who: "tracker" },
    { id: "f2", when: { event: "win", nth: 2 }, verb: "crash", who: "@event.peer", for: 700 },
    {
      id: "f3",
      when: { every: { min: 700, max: 1_300 }, from: 4_000 },
      verb: "crash",
      who: "minority",
      for: { min: 200, max: 900 },
    },
  ],
});

test("a run crashes whom it was told to, measures every failover and passes", async () => {
  const schedule = scheduleOf({
    faults: [
      { id: "f1", when: { at: 1_000 }, verb: "crash", who: "tracker" },
      { id: "f2", when: { at: 4_000 }, verb: "crash", who: "tracker", for: 1_500 },
    ],
  });
  const result = await runSchedule(schedule, { seed: 42, mode: "sim" });
  assert.equal(result.verdict, "pass", JSON.stringify(result.checks));
  const [first, second] = result.fired;
  assert.deepEqual([first?.at, second?.at, second?.undoneAt], [1_000, 4_000, 5_500]);
  assert.deepEqual(
    result.stats.failovers.map(({ at, lost }) => [at, lost]),
    [[1_000, first?.peers[0]], [4_000, second?.peers[0]]],
  );
  for (const { detect, prevote, vote, register, adopt, all } of result.stats.failovers) {
    assert.ok(Math.abs(detect + prevote + vote + register + adopt - all) < 1e-6);
    assert.ok(detect >= 100 && all < 1_000, `detected after ${detect} ms, agreed after ${all} ms`);
  }
});

test("the concrete schedule of a run gives the same run, line for line", async () => {
  const lines: TraceLine[] = [];
  const onLine = (line: TraceLine): void => void lines.push(line);
  const first = await runSchedule(crashes, { seed: 7, mode: "sim", onLine });
  assert.ok(first.fired.length >= 5, `${first.fired.length} faults`);
  const told = lines.splice(0).map(withoutNames);
  const concrete = concretise(crashes, first.fired);
  for (const { when, who } of concrete.faults) {
    assert.ok("at" in when && typeof when.at === "number" && Array.isArray(who));
  }
  const again = await runSchedule(concrete, { seed: 7, mode: "sim", onLine });
  assert.deepEqual(lines.map(withoutNames), told);
  assert.deepEqual(again.stats, first.stats);
});

/** The account of the faults themselves names the plan, which is another one. */
function withoutNames(line: TraceLine): string {
  const { planned: _planned, id: _id, ...data } = line.data ?? {};
  return JSON.stringify({ ...line, data: line.kind.startsWith("lab.") ? data : line.data });
}

test("without one of its faults, a run draws for the others what it drew before", async () => {
  const first = await runSchedule(crashes, { seed: 7, mode: "sim" });
  const faults = crashes.faults.filter(({ id }) => id !== "f1");
  const less = await runSchedule({ ...crashes, faults }, { seed: 7, mode: "sim" });
  const times = (result: typeof first): readonly number[] =>
    result.fired.filter(({ planned }) => planned === "f3").map(({ at }) => at);
  assert.deepEqual(times(less), times(first));
});

test("a fault that never fires makes a run inconclusive, and is named", async () => {
  const schedule = scheduleOf({
    until: 1_000,
    faults: [{ id: "late", when: { event: "win", nth: 9 }, verb: "crash", who: "tracker" }],
  });
  const result = await runSchedule(schedule, { seed: 1, mode: "sim" });
  assert.equal(result.verdict, "inconclusive");
  assert.match(
    result.checks.find(({ check }) => check === "faults-fired")?.message ?? "",
    /late \(crash\) never fired/,
  );
});

test("a run that is given up ends at once with the reason", async () => {
  const controller = new AbortController();
  const running = runSchedule(crashes, {
    seed: 1,
    mode: "sim",
    signal: controller.signal,
    onLine: ({ t }) => t > 2_000 && controller.abort(new Error("enough")),
  });
  await assert.rejects(running, /enough/);
});

test("whatever lasts is undone at the end, and named; who is down is started again", async () => {
  const schedule = scheduleOf({
    cluster: { peers: 5, restart: false },
    until: 2_000,
    faults: [
      { id: "f1", when: { at: 1_000 }, verb: "crash", who: "follower" },
      {
        id: "cut",
        when: { at: 1_500 },
        verb: "partition",
        who: "tracker",
        with: { shape: "isolate" },
      },
    ],
  });
  const result = await runSchedule(schedule, { seed: 2, mode: "sim" });
  assert.equal(result.verdict, "pass", JSON.stringify(result.checks));
  assert.deepEqual(result.undone, ["cut", "f1"]);
  assert.equal(result.fired[1]?.undoneAt, 2_000);
});

test("lines of a trace name what brought them about, back to the timer that set it off", async () => {
  const lines = new Map<number, TraceLine>();
  await runSchedule(crashes, {
    seed: 7,
    mode: "sim",
    onLine: (line) => void lines.set(line.seq, line),
  });
  const win = [...lines.values()].find(({ kind, t }) => kind === "election.win" && t > 0);
  const chain: string[] = [];
  for (let line = win; line !== undefined; line = lines.get(line.cause ?? -1)) {
    if (chain.at(-1) !== line.kind) chain.push(line.kind);
  }
  const story = chain.filter((kind) => /win|grant|stored|candidate|message|forget/.test(kind));
  assert.equal(story[0], "election.win");
  assert.equal(story.at(-1), "election.forget");
  assert.ok(story.includes("message.sent") && story.includes("message.received"), story.join());
});

test("who is down already when it is to crash for good stays down, and nothing is demanded of it", async () => {
  const schedule = scheduleOf({
    faults: [
      { id: "crash", when: { at: 1_000 }, verb: "crash", who: ["peer-1"] },
      {
        id: "dead",
        when: { at: 1_100 },
        verb: "crash",
        who: ["peer-1", "peer-2"],
        with: { stay: true },
      },
    ],
    until: 2_000,
  });
  const { verdict, fired } = await runSchedule(schedule, { seed: 3, mode: "sim" });
  assert.deepEqual(fired.map(({ failed }) => failed), [undefined, undefined]);
  assert.equal(verdict, "pass");
});
