import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Restart, Strategy } from "../../../src/supervision/mod.ts";
import { addRestart, exceeds } from "../../../src/supervision/intensity.ts";
import type { Scheduler } from "./scheduler.ts";
import { CRASH, spec, World } from "./world.ts";

const BOOM = new Error("boom");
const failsOnRestart = { start: (n: number) => n > 1 ? BOOM : "up" as const };

describe("supervision core: intensity", () => {
  it("54 multiple_restarts: 1 in 1 s, four crashes 2.1 s apart: alive", () => {
    const world = World.of({ intensity: 1, periodMs: 1_000 }, [spec("a")]).start();
    for (let i = 0; i < 4; i++) {
      world.crash("a", CRASH, 0);
      world.run(2_100);
    }
    assert.equal(world.ended, undefined);
    assert.deepEqual(world.children(), ["a=a.5"]);
  });

  it("54 the window is inclusive: a restart counts for exactly periodMs", () => {
    const crashes = (gap: number): World => {
      const world = World.of({ intensity: 1, periodMs: 1_000 }, [spec("a")]).start();
      world.crash("a", CRASH, 0);
      world.run(gap);
      world.crash("a", CRASH, 0);
      return world;
    };
    assert.deepEqual(crashes(1_000).ended, { kind: "shutdown" });
    assert.equal(crashes(1_001).ended, undefined);
    assert.deepEqual(addRestart([0, 1, 2], 1_001, 1_000), [1, 2, 1_001]);
    assert.equal(exceeds([1], 1), false);
    assert.equal(exceeds([1, 2], 1), true);
    assert.equal(exceeds([1], 0), true);
  });

  const escalations: readonly [string, Strategy, string[]][] = [
    ["55 one_for_one_escalation", "one_for_one", ["start b", "stop c", "stop a"]],
    ["56 one_for_all_escalation", "one_for_all", [
      "stop c",
      "stop a",
      "start a",
      "start b",
      "stop a",
    ]],
    ["57 rest_for_one_escalation", "rest_for_one", ["stop c", "start b", "stop a"]],
  ];
  for (const [name, strategy, moves] of escalations) {
    it(`${name}: init fails on restart: the supervisor ends, siblings are stopped`, () => {
      const world = World.of({ strategy, intensity: 1 }, [spec("a"), spec("b"), spec("c")], {
        b: failsOnRestart,
      }).start();
      world.take();
      world.crash("b");
      assert.deepEqual(world.moves(), moves);
      assert.deepEqual(world.ended, { kind: "shutdown" });
      assert.deepEqual(world.alive, []);
    });
  }

  it("58 simple_one_for_one_escalation: init fails on restart: the supervisor ends, siblings are stopped", () => {
    const world = World.dynamic({ intensity: 1 }, {}, {
      start: (n) => n > 2 ? BOOM : "up",
    }).start();
    world.startDynamic();
    world.startDynamic();
    world.take();
    world.crash("child");
    assert.deepEqual(world.moves(), ["start child", "stop child"]);
    assert.deepEqual(world.ended, { kind: "shutdown" });
    assert.deepEqual(world.alive, []);
  });

  for (const intensity of [0, 1, 2, 3]) {
    it(`59 T3: intensity ${intensity}, init always fails after the first: exactly ${intensity} attempts`, () => {
      const world = World.of({ intensity }, [spec("a")], { a: failsOnRestart }).start();
      world.take();
      world.crash("a");
      assert.equal(world.moves().length, intensity);
      assert.deepEqual(world.ended, { kind: "shutdown" });
    });
  }

  it("60 T4: intensity 0: no attempt, the rest is stopped in reverse, exit shutdown", () => {
    const world = World.of({ intensity: 0 }, [spec("a"), spec("b"), spec("c")]).start();
    world.take();
    world.crash("b");
    assert.deepEqual(world.take("down"), [
      "child_failed b",
      "gave_up b",
      "stop c",
      "stop a",
      "exit shutdown",
    ]);
  });

  it("61 T16: two crashes inside the window of 1: ends", () => {
    const world = World.of({ intensity: 1, periodMs: 1_000 }, [spec("a"), spec("b")]).start();
    world.crash("a", CRASH, 0);
    world.run(500);
    world.crash("b", CRASH, 0);
    world.settle();
    assert.deepEqual(world.ended, { kind: "shutdown" });
  });

  it("62 U3: a group restart counts 1, whatever the size", () => {
    const ids = ["a", "b", "c", "d", "e"];
    const world = World.of({ strategy: "one_for_all", intensity: 1 }, ids.map((id) => spec(id)))
      .start();
    world.crash("c");
    assert.equal(world.ended, undefined);
    assert.equal(world.state.restarts.length, 1);
    assert.deepEqual(world.children(), ids.map((id) => `${id}=${id}.2`));
  });

  it("63 U11: a permanent child ends normally twice, intensity 1: ends", () => {
    const world = World.of({ intensity: 1 }, [spec("a")]).start();
    world.crash("a", { kind: "normal" }, 0);
    world.run(1);
    assert.equal(world.ended, undefined);
    world.crash("a", { kind: "normal" }, 0);
    world.run(1);
    assert.deepEqual(world.ended, { kind: "shutdown" });
  });

  it("64 V6: ten manual restarts, intensity 0: alive", () => {
    const world = World.of({ intensity: 0 }, [spec("a")]).start();
    for (let i = 0; i < 10; i++) {
      assert.equal(world.terminate("a"), "ok");
      assert.equal(world.restart("a"), `a.${i + 2}`);
    }
    assert.equal(world.ended, undefined);
  });

  it("64 V7: ten crashes of temporary children, intensity 0: alive", () => {
    const world = World.of({ intensity: 0 }, []).start();
    for (let i = 0; i < 10; i++) {
      world.startChild(spec("t", { restart: "temporary" }));
      world.crash("t");
    }
    assert.equal(world.ended, undefined);
    assert.deepEqual(world.state.restarts, []);
  });

  const fragile = (scheduler: Scheduler): World =>
    World.of({ intensity: 0 }, [spec("leaf")], {}, scheduler);
  const fates: readonly [Restart, string[]][] = [
    ["permanent", ["inner=inner.2"]],
    ["transient", ["inner=stopped"]],
    ["temporary", []],
  ];
  for (const [restart, children] of fates) {
    it(`65 U1: an inner supervisor gives up and is ${restart}: ${children[0] ?? "gone"}`, () => {
      const world = World.of({}, [spec("inner", { restart, type: "supervisor" })], {
        inner: { tree: fragile },
      }).start();
      world.tree("inner").crash("leaf");
      world.settle();
      assert.deepEqual(world.children(), children);
      assert.equal(world.ended, undefined);
    });
  }

  it("66 U2: 1/60 in 1/60: the fourth crash of the leaf ends the root", () => {
    const options = { intensity: 1, periodMs: 60_000 };
    const inner = (scheduler: Scheduler): World => World.of(options, [spec("leaf")], {}, scheduler);
    const root = World.of(options, [spec("inner")], { inner: { tree: inner } }).start();
    const alive = [];
    for (let crash = 1; crash <= 4; crash++) {
      root.tree("inner").crash("leaf", CRASH, 0);
      root.run(10);
      alive.push(root.ended === undefined);
    }
    assert.deepEqual(alive, [true, true, true, false]);
    assert.deepEqual(root.ended, { kind: "shutdown" });
  });
});
