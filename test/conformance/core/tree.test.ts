import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Scheduler } from "./scheduler.ts";
import { CRASH, spec, World } from "./world.ts";

describe("supervision core: trees", () => {
  it("91 tree: three inner ones with dynamic children; one gives up under one_for_all: statics are back, dynamic ones not", () => {
    const inner = (scheduler: Scheduler): World =>
      World.of({ intensity: 0 }, [spec("static")], {}, scheduler);
    const supervisor = { type: "supervisor" } as const;
    const root = World.of({ strategy: "one_for_all" }, [
      spec("x", supervisor),
      spec("y", supervisor),
      spec("z", supervisor),
    ], { x: { tree: inner }, y: { tree: inner }, z: { tree: inner } }).start();
    for (const id of ["x", "y", "z"]) {
      assert.equal(root.tree(id).startChild(spec("dynamic")), "dynamic.1");
    }
    root.take();
    root.tree("y").crash("dynamic");
    root.settle();
    assert.deepEqual(root.moves(), ["stop z", "stop x", "start x", "start y", "start z"]);
    assert.deepEqual(root.children(), ["x=x.2", "y=y.2", "z=z.2"]);
    for (const id of ["x", "y", "z"]) {
      assert.deepEqual(root.tree(id).children(), ["static=static.1"]);
    }
  });

  it("31 T15: the supervisor is killed: the children end with killed", () => {
    const inner = (scheduler: Scheduler): World => World.of({}, [spec("leaf")], {}, scheduler);
    const root = World.of({}, [spec("inner", { type: "supervisor" })], { inner: { tree: inner } })
      .start();
    const leaf = root.tree("inner");
    root.kill();
    assert.deepEqual(leaf.ended, { kind: "killed" });
    assert.deepEqual(leaf.alive, []);
  });

  it("stops a whole tree in reverse order of its start", () => {
    const downs: string[] = [];
    const inner = (name: string) => (scheduler: Scheduler): World => {
      const world = World.of({}, [spec(`${name}1`), spec(`${name}2`)], {}, scheduler);
      const end = world.log.push.bind(world.log);
      world.log.push = (...lines) => {
        downs.push(...lines.filter((line) => line.startsWith("down")));
        return end(...lines);
      };
      return world;
    };
    const root = World.of({}, [spec("p"), spec("q")], {
      p: { tree: inner("p") },
      q: { tree: inner("q") },
    })
      .start();
    root.stop();
    assert.deepEqual(downs, ["q2", "q1", "p2", "p1"].map((id) => `down ${id} shutdown`));
  });
});

describe("supervision core: dynamic supervisors (Elixir)", () => {
  it("107 max_children: startChild is refused when there are that many", () => {
    const world = World.dynamic({ maxChildren: 2 }, { restart: "temporary" }).start();
    assert.equal(world.startDynamic(), "child.1");
    assert.equal(world.startDynamic(), "child.2");
    assert.equal(world.startDynamic(), "max_children");
    world.crash("child");
    assert.equal(world.startDynamic(), "child.3");
    assert.equal(World.dynamic({ maxChildren: 0 }).start().startDynamic(), "max_children");
  });

  it("107 max_children counts restarting ones", () => {
    const world = World.dynamic({ maxChildren: 1, intensity: 1e6, periodMs: 100 }, {}, {
      start: (n) => n === 1 ? "up" : new Error("boom"),
      startMs: 1,
    }).start();
    world.startDynamic();
    world.die("child");
    world.run(20);
    assert.deepEqual(world.children(), ["restarting"]);
    assert.equal(world.startDynamic(), "max_children");
  });

  it("107 a start that failed or was ignored leaves room", () => {
    const world = World.dynamic({ maxChildren: 1 }, {}, {
      start: (n) => n === 1 ? new Error("boom") : n === 2 ? "ignore" : "up",
    }).start();
    assert.equal(world.startDynamic(), "start_failed");
    assert.equal(world.startDynamic(), "ignored");
    assert.equal(world.startDynamic(), "child.3");
  });

  it("107 child triggers maximum intensity when trying again", () => {
    const world = World.dynamic({ intensity: 1 }, {}, {
      start: (n) => n === 1 ? "up" : new Error("boom"),
    }).start();
    world.startDynamic();
    world.take();
    world.crash("child", CRASH);
    assert.deepEqual(world.take("down"), [
      "child_failed child#1",
      "restart child#1",
      "start child",
      "start_failed child#1",
      "gave_up child#1",
      "exit shutdown",
    ]);
  });
});
