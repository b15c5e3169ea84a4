import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { CRASH, spec, World } from "./world.ts";

const BOOM = new Error("boom");
const abc = ["a", "b", "c"].map((id) => spec(id));
const abcd = [...abc, spec("d")];

describe("supervision core: strategies", () => {
  it("42 one_for_one: one crashes, the other keeps its ref", () => {
    const world = World.of({}, [spec("a"), spec("b")]).start();
    world.crash("a");
    assert.deepEqual(world.children(), ["a=a.2", "b=b.1"]);
    world.run(10_000);
    world.crash("b");
    assert.deepEqual(world.children(), ["a=a.2", "b=b.2"]);
  });

  it("43 one_for_all: one crashes, both are new", () => {
    const world = World.of({ strategy: "one_for_all" }, abc).start();
    world.take();
    world.crash("b");
    assert.deepEqual(world.moves(), ["stop c", "stop a", "start a", "start b", "start c"]);
    assert.deepEqual(world.children(), ["a=a.2", "b=b.2", "c=c.2"]);
  });

  it("44 rest_for_one: the second crashes, the first keeps its ref, the others are new", () => {
    const world = World.of({ strategy: "rest_for_one" }, abc).start();
    world.crash("b");
    assert.deepEqual(world.children(), ["a=a.1", "b=b.2", "c=c.2"]);
  });

  it("45 simple_one_for_one: one instance crashes, the other keeps its ref", () => {
    const world = World.dynamic({}).start();
    assert.equal(world.startDynamic(), "child.1");
    assert.equal(world.startDynamic(), "child.2");
    world.crash("child");
    assert.deepEqual(world.children().sort(), ["child.2", "child.3"]);
  });

  it("46 T1, tree: one_for_all starts also what had ended normally or was terminated", () => {
    const world = World.of({ strategy: "one_for_all" }, [
      spec("ended", { restart: "transient" }),
      spec("terminated"),
      spec("crashes"),
    ]).start();
    world.crash("ended", { kind: "normal" });
    world.terminate("terminated");
    assert.deepEqual(world.children(), [
      "ended=stopped",
      "terminated=stopped",
      "crashes=crashes.1",
    ]);
    world.take();
    world.crash("crashes");
    assert.deepEqual(world.moves(), ["start ended", "start terminated", "start crashes"]);
    assert.deepEqual(world.children(), [
      "ended=ended.2",
      "terminated=terminated.2",
      "crashes=crashes.2",
    ]);
  });

  it("47 T2: rest_for_one of four, the second crashes: stop 4, 3; start 2, 3, 4", () => {
    const world = World.of({ strategy: "rest_for_one" }, abcd).start();
    world.take();
    world.crash("b");
    assert.deepEqual(world.take("up"), [
      "down b error: boom",
      "child_failed b",
      "restart b",
      "stop d",
      "down d shutdown",
      "stop c",
      "down c shutdown",
      "start b",
      "start c",
      "start d",
    ]);
  });

  it("48 T20: a child added by startChild is restarted after an earlier one under rest_for_one", () => {
    const world = World.of({ strategy: "rest_for_one" }, abc).start();
    world.startChild(spec("added"));
    world.take();
    world.crash("b");
    assert.deepEqual(world.moves(), ["stop added", "stop c", "start b", "start c", "start added"]);
  });

  it("49 T21: a temporary one crashes under one_for_all, nobody else is touched", () => {
    const world = World.of({ strategy: "one_for_all" }, [
      spec("a"),
      spec("t", { restart: "temporary" }),
      spec("c"),
    ])
      .start();
    world.take();
    world.crash("t");
    assert.deepEqual(world.moves(), []);
    assert.deepEqual(world.children(), ["a=a.1", "c=c.1"]);
  });

  it("50 one_for_all_other_child_fails_restart, T18: those that are up are stopped, the group starts again", () => {
    const world = World.of({ strategy: "one_for_all", intensity: 3 }, abc, {
      b: { start: (n) => n === 2 ? BOOM : "up" },
    }).start();
    world.take();
    world.crash("c");
    assert.deepEqual(world.moves(), [
      "stop b",
      "stop a",
      "start a",
      "start b",
      "stop a",
      "start a",
      "start b",
      "start c",
    ]);
    assert.deepEqual(world.children(), ["a=a.3", "b=b.3", "c=c.2"]);
  });

  it("51 rest_for_one_other_child_fails_restart, T19: earlier ones are not restarted again", () => {
    const world = World.of({ strategy: "rest_for_one", intensity: 3 }, abc, {
      b: { start: (n) => n === 2 ? BOOM : "up" },
    }).start();
    world.take();
    world.crash("a");
    assert.deepEqual(world.moves(), [
      "stop c",
      "stop b",
      "start a",
      "start b",
      "start b",
      "start c",
    ]);
    assert.deepEqual(world.children(), ["a=a.2", "b=b.3", "c=c.2"]);
  });

  it("51 meanwhile the sibling that failed is the one that is restarting", () => {
    const world = World.of({ strategy: "rest_for_one", intensity: 1e3, periodMs: 1e3 }, abc, {
      b: { start: (n) => n > 1 ? BOOM : "up", startMs: 10 },
    }).start();
    world.die("a");
    world.run(15);
    const listing = world.send({ kind: "which_children" });
    world.run(15);
    const answer = listing();
    assert.ok(answer?.ok && Array.isArray(answer.value));
    assert.deepEqual(
      answer.value.map(({ id, ref }) => [id, typeof ref === "object" ? ref.id : ref]),
      [["c", undefined], ["b", "restarting"], ["a", "a.2"]],
    );
    assert.equal(
      world.terminate("a.1"),
      "not_found",
      "the ref of the one that crashed is not the sibling's",
    );
    assert.equal(world.terminate("b"), "ok");
    assert.deepEqual(world.children(), ["a=a.2", "b=stopped", "c=stopped"]);
  });

  for (const strategy of ["one_for_all", "rest_for_one"] as const) {
    it(`52 U4: two die before the supervisor runs: one group restart (${strategy})`, () => {
      const world = World.of({ strategy, intensity: 1 }, abc).start();
      world.take();
      world.die("a");
      world.die("b");
      world.settle();
      assert.deepEqual(world.moves(), ["stop c", "start a", "start b", "start c"]);
      assert.equal(world.ended, undefined);
      assert.equal(world.state.restarts.length, 1);
    });
  }

  it("52 U4: exits that come during the group restart: of old incarnations nothing, of new ones a restart", () => {
    const world = World.of({ strategy: "one_for_all", intensity: 5 }, abc, {
      a: { startMs: 10, stopMs: 10 },
      c: { startMs: 10, stopMs: 10 },
    }).start();
    world.take();
    world.die("b");
    world.run(5);
    world.die("a", CRASH);
    world.run(20);
    world.die("a", CRASH);
    world.settle();
    assert.deepEqual(world.children(), ["a=a.3", "b=b.3", "c=c.3"]);
    assert.equal(world.state.restarts.length, 2);
  });

  it("53 V5: delete and start moves to the end, terminate and restart keeps the place", () => {
    const world = World.of({}, abc).start();
    world.terminate("a");
    world.restart("a");
    assert.deepEqual(world.children(), ["a=a.2", "b=b.1", "c=c.1"]);
    world.terminate("a");
    world.delete("a");
    world.startChild(spec("a"));
    assert.deepEqual(world.children(), ["b=b.1", "c=c.1", "a=a.3"]);
    world.take();
    world.stop();
    assert.deepEqual(world.moves(), ["stop a", "stop c", "stop b"]);
  });
});
