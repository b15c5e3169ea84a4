import assert from "node:assert/strict";
import { test } from "node:test";
import type { TraceLine } from "../../../src/lab.ts";
import { concretise, runSchedule, scenario } from "../../../src/lab.ts";

const successor = scenario("kill the tracker, then its successor", async (c) => {
  await c.start({ peers: 5 });
  await c.crash(await c.tracker());
  const next = await c.until.candidate({ within: "2s" });
  await c.crash(next.peer, { for: "1s" });
  const { all } = await c.measure.failover();
  c.expect(all, "failover").below("2s");
  const cut = await c.partition.halves({ who: "tracker" });
  await c.sleep("500ms");
  await cut.undo();
  await c.eventually.agreed({ within: "2s" });
});

for (const mode of ["sim", "live"] as const) {
  test(`a program strikes whom it waited for, and is judged (${mode})`, async () => {
    const { result } = await successor.run({ seed: 3, mode });
    assert.equal(result.verdict, "pass", JSON.stringify(result.checks));
    assert.deepEqual(result.fired.map(({ verb }) => verb), ["crash", "crash", "partition"]);
    assert.ok(result.fired[1]!.undoneAt! > result.fired[1]!.at);
    assert.equal(result.checks[0]?.check, "failover < 2000");
  });
}

test("a failover is measured although a later fault struck somebody without an office, and only once", async () => {
  const late = scenario("late", async (c) => {
    await c.start({ peers: 5 });
    const first = await c.tracker();
    await c.crash(first);
    await c.sleep("1s");
    const next = await c.tracker();
    const other = ["peer-1", "peer-2", "peer-3"].find((peer) => peer !== first && peer !== next)!;
    await c.crash(other);
    const { lost, next: won } = await c.measure.failover({ within: "1s" });
    c.expect(lost === first && won === next ? 1 : 0, "the failover").above(0);
    await c.measure.failover({ within: "100ms" });
  });
  const { result } = await late.run({ seed: 1, mode: "sim" });
  const measured = result.checks.find(({ check }) => check === "the failover > 0");
  assert.equal(measured?.verdict, "pass", JSON.stringify(result.checks));
  const again = result.checks.find(({ check }) => check === "scenario");
  assert.match(again?.message ?? "", /a failover did not happen within 100 ms/);
});

test("what a program did is a schedule that gives the same election again", async () => {
  const wins: string[] = [];
  const onLine = ({ kind, peer, epoch, t }: TraceLine): void => {
    if (kind === "election.win") wins.push(`${t} ${peer} ${epoch}`);
  };
  const { result, schedule } = await successor.run({ seed: 3, mode: "sim", onLine });
  const before = wins.splice(0);
  await runSchedule(concretise(schedule, result.fired), { seed: 3, mode: "sim", onLine });
  assert.deepEqual(wins, before);
});

test("what is demanded and does not hold makes a run fail; what never happens decides nothing", async () => {
  const slow = scenario("slow", async (c) => {
    await c.start({ peers: 3 });
    c.expect(3, "three").above(4);
    await c.sleep(100);
  });
  assert.equal((await slow.run({ seed: 1, mode: "sim" })).result.verdict, "fail");
  const never = scenario("never", async (c) => {
    await c.start({ peers: 3 });
    await c.until.event("files.failed", { within: "300ms" });
  });
  const { result } = await never.run({ seed: 1, mode: "sim" });
  assert.equal(result.verdict, "inconclusive");
  assert.match(result.checks[0]?.message ?? "", /files\.failed did not happen within 300 ms/);
  const lost = scenario("lost", async (c) => {
    await c.start({ peers: 3 });
    await c.partition.groups([[1], [2], [3]].map((group) => group.map(String)));
    await c.sleep("1s");
    await c.eventually.agreed({ within: "300ms" });
  });
  assert.equal((await lost.run({ seed: 1, mode: "sim" })).result.verdict, "fail");
});
