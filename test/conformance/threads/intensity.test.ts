import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { ActorRef, Restart, SupervisorProtocol } from "../../../src/actor.ts";
import { child, supervisor } from "../../../src/actor.ts";
import { Stage } from "./stage.ts";
import { NORMAL, oneSystem, SHUTDOWN } from "./support.ts";

describe("supervision on threads: intensity", () => {
  const system = oneSystem();

  it("54 multiple_restarts: 1 in 20 ms, four crashes farther apart: alive", async (t) => {
    const stage = await Stage.open(t, system());
    const top = await stage.supervisor({ intensity: 1, periodMs: 20 }, stage.members("a b"));
    for (let crash = 1; crash <= 4; crash++) {
      await stage.end("a");
      await stage.shows(top, [`a=a.${crash + 1}`, "b=b.1"]);
      const restarted = system().now();
      await stage.until("the period to be over", () => system().now() > restarted + 21);
    }
  });

  const escalations = [
    ["55 one_for_one_escalation", "one_for_one", ["b", "a"]],
    ["56 one_for_all_escalation", "one_for_all", ["b", "a"]],
    ["57 rest_for_one_escalation", "rest_for_one", ["b", "a"]],
  ] as const;
  for (const [name, strategy, siblings] of escalations) {
    it(`${name}: init fails on restart: the supervisor ends, siblings are stopped`, async (t) => {
      const stage = await Stage.open(t, system());
      stage.part("c", (n) => ({ init: n === 1 ? "ok" : "throw" }));
      const top = await stage.supervisor({ strategy, intensity: 1 }, stage.members("a b c"));
      const down = system().down(top);
      await stage.end("c");
      assert.deepEqual((await down).reason, SHUTDOWN);
      const gone = stage.take("gone").filter((line) => line.endsWith("shutdown"));
      // In a restart of all, those that had come up are stopped again.
      assert.deepEqual(gone.slice(-2), siblings.map((id) => `gone ${id} shutdown`));
      assert.equal(stage.starts("c"), 2);
    });
  }

  it("58 simple_one_for_one_escalation: init fails on restart: all end", async (t) => {
    const stage = await Stage.open(t, system());
    stage.part("b", (n) => ({ init: n === 1 ? "ok" : "throw" }));
    const top = await stage.dynamic({ intensity: 1 });
    for (const id of ["a", "b"]) await top.ask.startChild(stage.args(id));
    const down = system().down(top);
    await stage.end("b");
    assert.deepEqual((await down).reason, SHUTDOWN);
    assert.ok(stage.log.includes("gone a shutdown"));
  });

  for (const intensity of [0, 1, 2, 3]) {
    it(`59 T3: intensity ${intensity}, init always fails after the first: exactly ${intensity} attempts`, async (t) => {
      const stage = await Stage.open(t, system());
      stage.part("a", (n) => ({ init: n === 1 ? "ok" : "throw" }));
      const top = await stage.supervisor({ intensity }, stage.members("a"));
      const down = system().down(top);
      await stage.end("a");
      assert.deepEqual((await down).reason, SHUTDOWN);
      assert.equal(stage.starts("a"), 1 + intensity);
    });
  }

  it("60 T4: intensity 0: no attempt, the rest is stopped in reverse, exit shutdown", async (t) => {
    const stage = await Stage.open(t, system());
    const top = await stage.supervisor({ intensity: 0 }, stage.members("a b c"));
    const down = system().down(top);
    stage.take();
    await stage.end("b");
    assert.deepEqual((await down).reason, SHUTDOWN);
    assert.deepEqual(stage.take("gone", "start"), [
      "gone b error: b crashed",
      "gone c shutdown",
      "gone a shutdown",
    ]);
  });

  const twice = [
    ["61 T16: two crashes of different children inside the window of 1: ends", ["a", "b"], "crash"],
    ["63 U11: a permanent child ends normally twice, intensity 1: ends", ["a", "a"], NORMAL],
  ] as const;
  for (const [name, ids, ending] of twice) {
    it(name, async (t) => {
      const stage = await Stage.open(t, system());
      const top = await stage.supervisor({ intensity: 1, periodMs: 60_000 }, stage.members("a b"));
      const down = system().down(top);
      for (const id of ids) await stage.end(id, ending);
      assert.deepEqual((await down).reason, SHUTDOWN);
    });
  }

  it("62 U3: a group restart counts 1, whatever the size", async (t) => {
    const stage = await Stage.open(t, system());
    const options = { strategy: "one_for_all", intensity: 1, periodMs: 60_000 } as const;
    const top = await stage.supervisor(options, stage.members("a b c d e"));
    await stage.end("c");
    assert.deepEqual(await stage.children(top), ["a=a.2", "b=b.2", "c=c.2", "d=d.2", "e=e.2"]);
  });

  it("64 V6, V7: ten manual restarts, ten crashes of temporaries, intensity 0: alive", async (t) => {
    const stage = await Stage.open(t, system());
    const top = await stage.supervisor({ intensity: 0 }, stage.members("a"));
    for (let i = 0; i < 10; i++) {
      await top.ask.terminateChild("a");
      await top.ask.restartChild("a");
      await top.ask.startChild(stage.member("t", { restart: "temporary" }));
      await stage.end("t");
    }
    assert.deepEqual(await stage.children(top), ["a=a.11"]);
    assert.equal(stage.starts("t"), 10);
  });

  const fates: readonly [Restart, string[]][] = [
    ["permanent", ["inner=up"]],
    ["transient", ["inner=stopped"]],
    ["temporary", []],
  ];
  for (const [restart, children] of fates) {
    it(`65 U1: an inner supervisor gives up and is ${restart}: ${children[0] ?? "gone"}`, async (t) => {
      const stage = await Stage.open(t, system());
      const inner = supervisor({ intensity: 0 }, stage.members("leaf"));
      const top = await stage.supervisor({}, [child({ id: "inner", start: inner, restart })]);
      const before = await innerOf(top);
      const down = system().down(before);
      await stage.end("leaf");
      assert.deepEqual((await down).reason, SHUTDOWN);
      assert.deepEqual(await stage.children(top), children);
      assert.equal(stage.starts("leaf"), restart === "permanent" ? 2 : 1);
    });
  }

  it("66 U2: 1/60 in 1/60: the fourth crash of the leaf ends the root", async (t) => {
    const stage = await Stage.open(t, system());
    const options = { intensity: 1, periodMs: 60_000 };
    const inner = supervisor(options, stage.members("leaf"));
    const root = await stage.supervisor(options, [child({ id: "inner", start: inner })]);
    const down = system().down(root);
    for (let crash = 1; crash <= 4; crash++) {
      await stage.until("the leaf", () => stage.starts("leaf") === crash);
      await stage.end("leaf");
      if (crash < 4) assert.equal((await root.ask.countChildren()).supervisors, 1);
    }
    assert.deepEqual((await down).reason, SHUTDOWN);
    assert.equal(stage.starts("leaf"), 4);
  });
});

async function innerOf(
  top: ActorRef<SupervisorProtocol>,
): Promise<ActorRef<SupervisorProtocol>> {
  const [info] = await top.ask.whichChildren();
  assert.ok(typeof info?.ref === "object");
  return info.ref.as<SupervisorProtocol>();
}
