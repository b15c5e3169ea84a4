import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { AlreadyRegisteredError } from "../../../src/actor/mod.ts";
import { ChildStartError } from "../../../src/supervision/mod.ts";
import { CRASH, spec, World } from "./world.ts";

const BOOM = new Error("boom");

describe("supervision core: start", () => {
  it("1 sup_start_normal: no children, stopped with shutdown, ends with shutdown", () => {
    const world = World.of({}, []).start();
    assert.equal(world.isUp, true);
    assert.deepEqual(world.stop(), { kind: "shutdown" });
    assert.deepEqual(world.log, ["exit shutdown"]);
  });

  it("3 sup_start_ignore_child: a permanent child that ignores keeps its spec", () => {
    const world = World.of({}, [spec("a")], { b: { start: () => "ignore" } }).start();
    assert.equal(world.startChild(spec("b")), "ignored");
    assert.deepEqual(world.children(), ["a=a.1", "b=stopped"]);
    assert.deepEqual(world.counts(), { specs: 2, active: 1, supervisors: 0, workers: 2 });
  });

  it("3 sup_start_ignore_child: a static one, too; the others start", () => {
    const world = World.of({}, [spec("a"), spec("b"), spec("c", { restart: "transient" })], {
      a: { start: () => "ignore" },
      c: { start: () => "ignore" },
    }).start();
    assert.equal(world.isUp, true);
    assert.deepEqual(world.children(), ["a=stopped", "b=b.1", "c=stopped"]);
  });

  it("4 sup_start_ignore_temporary_child: a temporary static child that ignores is forgotten", () => {
    const world = World.of({}, [spec("a", { restart: "temporary" }), spec("b")], {
      a: { start: () => "ignore" },
    }).start();
    assert.deepEqual(world.children(), ["b=b.1"]);
  });

  it("5 sup_start_ignore_temporary_child_start_child: the same by startChild", () => {
    const world = World.of({}, [spec("b")], { a: { start: () => "ignore" } }).start();
    assert.equal(world.startChild(spec("a", { restart: "temporary" })), "ignored");
    assert.deepEqual(world.children(), ["b=b.1"]);
    assert.deepEqual(world.counts(), { specs: 1, active: 1, supervisors: 0, workers: 1 });
  });

  for (const restart of ["temporary", "permanent"] as const) {
    it(`6 sup_start_ignore_temporary_child_start_child_simple: a ${restart} dynamic child that ignores is forgotten`, () => {
      const world = World.dynamic({}, { restart }, {
        start: (n) => n === 1 ? "ignore" : "up",
      }).start();
      assert.equal(world.startDynamic(), "ignored");
      assert.deepEqual(world.children(), []);
      assert.equal(world.startDynamic(), "child.2");
      assert.deepEqual(world.children(), ["child.2"]);
      assert.deepEqual(world.stop(), { kind: "shutdown" });
      assert.deepEqual(world.alive, []);
    });
  }

  it("9 sup_start_child_returns_error: startChild refuses with the reason and keeps nothing", () => {
    const world = World.of({}, [spec("a")], { b: { start: () => BOOM } }).start();
    const answer = world.ask({ kind: "start_child", spec: spec("b") });
    assert.ok(!answer.ok && answer.error instanceof ChildStartError);
    assert.equal(answer.error.id, "b");
    assert.equal(answer.error.cause, BOOM);
    assert.match(answer.error.message, /^Child "b" did not start: boom$/);
    assert.deepEqual(world.children(), ["a=a.1"]);
    assert.equal(world.startChild(spec("b")), "start_failed");
  });

  it("10 sup_start_restart_child_returns_error: restartChild refuses, the spec stays", () => {
    const world = World.of({}, [spec("a")], { a: { start: (n) => n > 1 ? BOOM : "up" } }).start();
    assert.equal(world.terminate("a"), "ok");
    assert.equal(world.restart("a"), "start_failed");
    assert.deepEqual(world.children(), ["a=stopped"]);
  });

  it("11 sup_start_child_returns_error_simple: the same for a dynamic child", () => {
    const world = World.dynamic({}, {}, { start: () => BOOM }).start();
    const answer = world.ask({ kind: "start_dynamic", args: 1, options: {} });
    assert.ok(!answer.ok && answer.error instanceof ChildStartError);
    assert.equal(answer.error.id, undefined);
    assert.equal(answer.error.message, "A child did not start: boom");
    assert.deepEqual(world.children(), []);
    assert.deepEqual(world.counts(), { specs: 1, active: 0, supervisors: 0, workers: 0 });
  });

  it("12 sup_start_map: a minimal spec has the defaults; an unknown id is not found", () => {
    const world = World.of({}, [spec("a"), spec("s", { type: "supervisor" })]).start();
    const get = (id: string): unknown => world.say({ kind: "get_child_spec", child: { id } });
    const defaults = { restart: "permanent", significant: false, name: undefined };
    assert.deepEqual(get("a"), { id: "a", type: "worker", shutdown: 5_000, ...defaults });
    assert.deepEqual(get("s"), { id: "s", type: "supervisor", shutdown: "infinity", ...defaults });
    assert.equal(get("x"), "not_found");
    assert.deepEqual(world.state.flags, {
      strategy: "one_for_one",
      intensity: 1,
      periodMs: 5_000,
      autoShutdown: "never",
      backoff: undefined,
      maxChildren: Infinity,
    });
  });

  it("14 T5: the third of four fails: 2 and 1 are stopped in reverse, 4 never starts", () => {
    const world = World.of({}, ["1", "2", "3", "4"].map((id) => spec(id)), {
      "3": { start: () => BOOM },
    }).start();
    assert.equal(world.isUp, false);
    assert.deepEqual(world.moves(), ["start 1", "start 2", "start 3", "stop 2", "stop 1"]);
    assert.ok(world.ended?.kind === "shutdown" && world.ended.detail instanceof ChildStartError);
    assert.equal(world.ended.detail.id, "3");
    assert.equal(world.ended.detail.cause, BOOM);
    assert.deepEqual(world.alive, []);
  });

  it("15 faulty_application_shutdown: a failure deep in the tree is visible at the top", () => {
    const leaf = (scheduler: World["scheduler"]) =>
      World.of({}, [spec("leaf")], { leaf: { start: () => BOOM } }, scheduler);
    const middle = (scheduler: World["scheduler"]) =>
      World.of({}, [spec("inner")], { inner: { tree: leaf } }, scheduler);
    const root = World.of({}, [spec("middle")], { middle: { tree: middle } }).start();
    assert.ok(root.ended?.kind === "shutdown" && root.ended.detail instanceof ChildStartError);
    assert.match(root.ended.detail.message, /"middle".*"inner".*"leaf" did not start: boom$/);
    let deepest: Error = root.ended.detail;
    while (deepest.cause instanceof Error) deepest = deepest.cause;
    assert.equal(deepest, BOOM);
  });

  it("16 extra_return: what a start says besides is passed on, and ignored in automatic restarts", () => {
    const world = World.of({}, [spec("a")], {
      a: { start: () => ({ info: "a" }) },
      b: { start: () => ({ info: "b" }) },
    }).start();
    const infoOf = (answer: ReturnType<World["ask"]>): unknown =>
      answer.ok && answer.value !== undefined && "info" in answer.value && answer.value.info;
    assert.equal(infoOf(world.ask({ kind: "start_child", spec: spec("b") })), "b");
    world.terminate("a");
    assert.equal(infoOf(world.ask({ kind: "restart_child", child: { id: "a" } })), "a");
    world.crash("a");
    assert.deepEqual(world.children(), ["a=a.3", "b=b.1"]);
  });

  it("16 simple_one_for_one_extra: the same for dynamic children", () => {
    const world = World.dynamic({}, {}, { start: (n) => ({ info: n }) }).start();
    const answer = world.ask({ kind: "start_dynamic", args: 0, options: {} });
    assert.ok(answer.ok && answer.value !== undefined && "info" in answer.value);
    assert.equal(answer.value.info, 1);
    world.crash("child");
    assert.deepEqual(world.children(), ["child.2"]);
  });

  it("18 U10: a name that is taken is already_started, and nothing is kept", () => {
    const taken = new AlreadyRegisteredError("db", "main/7");
    const world = World.of({}, [], { a: { start: () => taken } }).start();
    const answer = world.ask({ kind: "start_child", spec: spec("a", { name: "db" }) });
    assert.ok(!answer.ok);
    assert.match(answer.error.message, /main\/7 is running already/);
    assert.equal(world.startChild(spec("a")), "already_started");
    assert.deepEqual(world.children(), []);
  });

  it("starts one child after the other, each when the one before is up", () => {
    const world = World.of({}, [spec("b"), spec("a"), spec("c")], {
      b: { startMs: 10 },
      a: { startMs: 10 },
      c: { startMs: 10 },
    }).start();
    assert.deepEqual(world.take(), ["start b", "up b", "start a", "up a", "start c", "up c"]);
    assert.equal(world.scheduler.now, 30);
  });

  it("looks at exits that came during the start once it is up", () => {
    const world = World.of({}, [spec("a"), spec("b")], { b: { startMs: 10 } });
    world.start(5);
    world.die("a", CRASH);
    world.settle();
    assert.deepEqual(world.moves(), ["start a", "start b", "start a"]);
    assert.deepEqual(world.children(), ["a=a.2", "b=b.1"]);
  });

  it("takes no news of another start for that of the one it waits for", () => {
    const world = World.of({}, [spec("a")], { a: { startMs: 10 } }).start(5);
    world.handle({ kind: "start_failed", token: 99, error: new Error("not mine") });
    world.handle({ kind: "start_ignored", token: 99 });
    world.settle();
    assert.ok(world.isUp);
    assert.deepEqual(world.children(), ["a=a.1"]);
  });

  it("stops an actor that nobody waits for", () => {
    const world = World.of({}, []).start();
    world.handle({ kind: "started", token: 99, ref: world.ref("stranger.1") });
    world.settle();
    assert.deepEqual(world.events.at(-1)?.kind, "stopped");
    assert.deepEqual(world.children(), []);
  });
});
