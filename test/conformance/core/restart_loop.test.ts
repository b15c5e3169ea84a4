import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { spec, World } from "./world.ts";

const BOOM = new Error("boom");
/** Starts once, then never again. */
const failing = { start: (n: number) => n > 1 ? BOOM : "up" as const, startMs: 1 };
const patient = { intensity: 1_000_000, periodMs: 1_000 };

function looping(strategy: "one_for_one" | "rest_for_one" | "one_for_all"): World {
  const specs = [spec("a"), spec("b", { restart: "transient" }), spec("c")];
  const world = World.of({ strategy, ...patient }, specs, { b: failing }).start();
  world.die("b");
  world.run(50);
  return world;
}

describe("supervision core: the restart loop", () => {
  const loops = [
    ["67 hanging_restart_loop", "one_for_one", ["a=a.1", "b=restarting", "c=c.1"]],
    ["68 hanging_restart_loop_rest_for_one", "rest_for_one", [
      "a=a.1",
      "b=restarting",
      "c=stopped",
    ]],
  ] as const;
  for (const [name, strategy, children] of loops) {
    it(`${name}: init fails for ever: the API answers, terminateChild and stop are honoured`, () => {
      const world = looping(strategy);
      assert.deepEqual(world.children(), children);
      assert.equal(world.restart("b"), "restarting");
      assert.equal(world.delete("b"), "restarting");
      assert.equal(world.startChild(spec("b")), "already_present");
      assert.equal(world.terminate("b"), "ok");
      assert.ok(world.children().includes("b=stopped"));
      world.take();
      world.run(100);
      assert.deepEqual(world.moves(), [], "nobody tries any more");
      assert.equal(world.restart("b"), "start_failed");
      assert.equal(world.delete("b"), "ok");
      assert.deepEqual(world.stop(), { kind: "shutdown" });
    });
  }

  it("68 one_for_all: the others come up and are stopped with each attempt", () => {
    const world = looping("one_for_all");
    assert.ok(world.children().includes("b=restarting"));
    assert.equal(world.terminate("b"), "ok");
    assert.ok(world.children().includes("b=stopped"));
    assert.deepEqual(world.stop(), { kind: "shutdown" });
    assert.deepEqual(world.alive, []);
  });

  it("69 hanging_restart_loop_simple: the same for a dynamic child, by its last ref", () => {
    const world = World.dynamic(patient, {}, failing).start();
    assert.equal(world.startDynamic(), "child.1");
    world.die("child");
    world.run(50);
    assert.deepEqual(world.children(), ["restarting"]);
    assert.deepEqual(world.counts(), { specs: 1, active: 0, supervisors: 0, workers: 1 });
    assert.equal(world.restart("child.1"), "simple_one_for_one");
    assert.equal(world.delete("child.1"), "simple_one_for_one");
    assert.equal(world.terminate("child.1"), "ok");
    assert.deepEqual(world.children(), []);
    assert.deepEqual(world.stop(), { kind: "shutdown" });
  });

  it("70 U14: stop is obeyed between two attempts", () => {
    const world = looping("one_for_one");
    const before = world.scheduler.now;
    world.onEnd = () => assert.ok(world.scheduler.now - before <= 2);
    world.stop();
    assert.deepEqual(world.ended, { kind: "shutdown" });
  });

  it("70 requests that wait in the mailbox come before the next attempt", () => {
    const world = World.of(patient, [spec("a")], { a: { start: failing.start } }).start();
    world.handle({ kind: "exited", actor: world.ref("a.1").id, reason: { kind: "killed" } });
    const told = world.send({ kind: "terminate_child", child: { id: "a" } });
    world.run(5);
    assert.deepEqual(told(), { ok: true, value: undefined });
    assert.deepEqual(world.take("up"), [
      "start a",
      "child_failed a",
      "restart a",
      "start a",
      "start_failed a",
    ]);
  });

  it("71 count_restarting_children: active leaves out those that are being restarted", () => {
    const world = looping("one_for_one");
    assert.deepEqual(world.counts(), { specs: 3, active: 2, supervisors: 0, workers: 3 });
  });

  it("72 U12: a slow init in startChild: whichChildren waits for it", () => {
    const world = World.of({}, [spec("a")], { slow: { startMs: 100 } }).start();
    const started = world.send({ kind: "start_child", spec: spec("slow") });
    const listed = world.send({ kind: "which_children" });
    world.run(99);
    assert.equal(started(), undefined);
    assert.equal(listed(), undefined);
    world.run(1);
    const answer = listed();
    assert.ok(answer?.ok && Array.isArray(answer.value));
    assert.equal(answer.value.length, 2);
  });

  it("73 T10: ignore on an automatic restart: listed, stopped", () => {
    const start = (n: number): "ignore" | "up" => n === 2 ? "ignore" : "up";
    const world = World.of({}, [spec("a"), spec("b")], { a: { start } }).start();
    world.crash("a");
    assert.deepEqual(world.children(), ["a=stopped", "b=b.1"]);
    assert.equal(world.restart("a"), "a.3");
  });

  it("73 T11: under a dynamic supervisor it is forgotten (OTP goes on listing it)", () => {
    const world = World.dynamic({}, {}, { start: (n) => n === 2 ? "ignore" : "up" }).start();
    world.startDynamic();
    world.crash("child");
    assert.deepEqual(world.children(), []);
    assert.deepEqual(world.counts(), { specs: 1, active: 0, supervisors: 0, workers: 0 });
  });

  it("an old try_again does not add a second loop to the one that runs", () => {
    const world = looping("one_for_one");
    const old = world.events.findLast((event) => event.kind === "try_again");
    assert.ok(old);
    while (world.state.operation !== undefined || world.events.at(-1) === old) {
      assert.ok(world.scheduler.step(Infinity));
    }
    world.take();
    world.handle(old);
    assert.deepEqual(world.take(), [], "another one is awaited");
  });

  it("an old try_again does not revive a child that was terminated since", () => {
    const world = looping("one_for_one");
    const old = world.events.findLast((event) => event.kind === "try_again");
    world.terminate("b");
    world.take();
    assert.ok(old);
    world.handle(old);
    world.settle();
    assert.deepEqual(world.moves(), []);
  });
});
