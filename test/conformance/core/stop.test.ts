import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { ExitReason } from "../../../src/actor/mod.ts";
import type { Restart } from "../../../src/supervision/mod.ts";
import { CRASH, DETAIL, spec, World } from "./world.ts";

describe("supervision core: stop", () => {
  it("19 sup_stop_infinity: two children end with shutdown, however long it takes", () => {
    const world = World.of({}, [
      spec("a", { shutdown: "infinity" }),
      spec("b", { shutdown: "infinity" }),
    ], { a: { stopMs: 1e7 } }).start();
    world.take();
    assert.deepEqual(world.stop(undefined, 1e8), { kind: "shutdown" });
    assert.deepEqual(world.take("stop"), ["down b shutdown", "down a shutdown", "exit shutdown"]);
  });

  it("20 sup_stop_timeout: one that does not answer within 1000 ms is killed, the other not", () => {
    const world = World.of({}, [
      spec("a", { shutdown: 1_000 }),
      spec("b", { shutdown: 1_000 }),
    ], { b: { stopMs: Infinity } }).start();
    world.take();
    world.stop();
    assert.deepEqual(world.take("stop"), [
      "down b killed",
      "shutdown_error b",
      "down a shutdown",
      "exit shutdown",
    ]);
    assert.ok(world.scheduler.now >= 1_000);
  });

  it("21 sup_stop_timeout_dynamic: the same for dynamic children", () => {
    const world = World.dynamic({}, { shutdown: 1_000 }, { stopMs: Infinity }).start();
    world.startDynamic();
    world.startDynamic();
    const before = world.scheduler.now;
    world.take();
    world.stop();
    assert.equal(world.take().filter((line) => line === "down child killed").length, 2);
    assert.ok(world.scheduler.now - before < 2_000, "one deadline for all");
    assert.deepEqual(world.ended, { kind: "shutdown" });
  });

  it("22 sup_stop_brutal_kill: killed at once, which is as it should be", () => {
    const world = World.of({}, [
      spec("a", { shutdown: "brutal_kill" }),
      spec("b", { shutdown: "brutal_kill" }),
    ]).start();
    world.take();
    world.stop();
    assert.deepEqual(world.take(), [
      "kill b",
      "down b killed",
      "kill a",
      "down a killed",
      "exit shutdown",
    ]);
  });

  it("22 sup_stop_brutal_kill_dynamic: the same for dynamic children", () => {
    const world = World.dynamic({}, { shutdown: "brutal_kill" }).start();
    world.startDynamic();
    world.startDynamic();
    world.take();
    world.stop();
    assert.deepEqual(world.take("down"), ["kill child", "kill child", "exit shutdown"]);
  });

  it("23 sup_stop_race: 12 children end by themselves during the stop; it completes", () => {
    const restarts: Restart[] = ["permanent", "transient", "temporary"];
    const reasons: ExitReason[] = [{ kind: "normal" }, { kind: "shutdown" }, DETAIL, CRASH];
    const ids = restarts.flatMap((restart) =>
      reasons.map((_, i) => [`${restart}${i}`, restart] as const)
    );
    const slow = Object.fromEntries(ids.map(([id]) => [id, { stopMs: 100 }]));
    const world = World.of(
      { intensity: 0 },
      ids.map(([id, restart]) => spec(id, { restart })),
      slow,
    )
      .start();
    world.take();
    world.post({ kind: "shutdown", reason: { kind: "shutdown" } });
    world.run(10);
    for (const [id] of ids) world.die(id, reasons[Number(id.at(-1))]);
    world.settle();
    assert.deepEqual(world.ended, { kind: "shutdown" });
    assert.deepEqual(world.alive, []);
    const log = world.take();
    for (const restart of restarts) {
      assert.ok(log.includes(`down ${restart}3 error: boom`));
      assert.ok(log.includes(`shutdown_error ${restart}3`));
    }
    assert.deepEqual(log.filter((line) => /^(stop|start|restart|gave_up)/.test(line)), [
      "stop temporary3",
    ]);
  });

  it("24 sup_stop_non_shutdown_exit_dynamic: answers with other reasons; it completes", () => {
    const world = World.dynamic({}, { restart: "permanent" }, { stopReason: CRASH }).start();
    for (let i = 0; i < 3; i++) world.startDynamic();
    world.take();
    assert.deepEqual(world.stop(), { kind: "shutdown" });
    assert.equal(world.take().filter((line) => line.startsWith("shutdown_error")).length, 3);
  });

  it("25 order_of_children: ids that are not sorted keep their order", () => {
    const ids = ["e", "b", "d", "a", "c"];
    const world = World.of({ strategy: "rest_for_one" }, ids.map((id) => spec(id))).start();
    world.take();
    world.crash("d");
    assert.deepEqual(world.moves(), ["stop c", "stop a", "start d", "start a", "start c"]);
    world.stop();
    assert.deepEqual(world.moves(), ["stop c", "stop a", "stop d", "stop b", "stop e"]);
  });

  it("26 T6: three slow ones are stopped one after the other, in reverse", () => {
    const slow = { stopMs: 100 };
    const world = World.of({}, [spec("a"), spec("b"), spec("c")], { a: slow, b: slow, c: slow })
      .start();
    world.take();
    world.stop();
    assert.equal(world.scheduler.now, 5_000 + 200, "the last deadline that was set");
    assert.deepEqual(world.take(), [
      "stop c",
      "down c shutdown",
      "stop b",
      "down b shutdown",
      "stop a",
      "down a shutdown",
      "exit shutdown",
    ]);
  });

  it("27 simple_one_for_one_shutdown: 1 s, 1 s, 5 s with a limit of 2 s take 2 s", () => {
    const world = World.dynamic({}, { shutdown: 2_000 }, { stopMs: 5_000 }).start();
    for (let i = 0; i < 3; i++) world.startDynamic();
    const before = world.scheduler.now;
    let at = 0;
    world.onEnd = () => (at = world.scheduler.now);
    world.stop();
    assert.equal(at - before, 2_000);
  });

  it("28 T9: shutdown 0 is a kill", () => {
    const world = World.of({}, [spec("a", { shutdown: 0 })], { a: { stopMs: 1 } }).start();
    world.take();
    world.stop();
    assert.deepEqual(world.take(), [
      "stop a",
      "down a killed",
      "shutdown_error a",
      "exit shutdown",
    ]);
  });

  const answers: readonly [string, Restart, ExitReason, boolean][] = [
    ["shutdown", "permanent", { kind: "shutdown" }, false],
    ["shutdown with a detail", "permanent", DETAIL, true],
    ["shutdown with a detail", "transient", DETAIL, false],
    ["normal", "permanent", { kind: "normal" }, true],
    ["normal", "temporary", { kind: "normal" }, false],
    ["an error", "temporary", CRASH, true],
    ["an error", "transient", CRASH, true],
  ];
  for (const [what, restart, stopReason, reported] of answers) {
    it(`29 T24: a ${restart} child answers with ${what}: terminateChild is ok${reported ? ", reported" : ""}`, () => {
      const world = World.of({}, [spec("a", { restart })], { a: { stopReason } }).start();
      world.take();
      assert.equal(world.terminate("a"), "ok");
      assert.equal(world.take().includes("shutdown_error a"), reported);
      assert.equal(world.ended, undefined);
    });
  }

  it("29 a brutally killed child that ended otherwise in the meantime is reported as OTP does", () => {
    const world = World.of({}, [spec("a", { shutdown: "brutal_kill" })]).start();
    world.take();
    world.send({ kind: "terminate_child", child: { id: "a" } });
    world.handle({ kind: "exited", actor: world.ref("a.1").id, reason: { kind: "shutdown" } });
    world.settle();
    assert.ok(world.take().includes("child_failed a"));
  });

  it("30 child_unlink: the answer to a stop does not need a link, the monitor tells", () => {
    const world = World.of({}, [spec("a", { shutdown: 10 })], { a: { stopMs: Infinity } }).start();
    assert.equal(world.terminate("a"), "ok");
    assert.deepEqual(world.children(), ["a=stopped"]);
  });

  it("does not start what is not yet started when it is to end", () => {
    const world = World.of({}, [spec("a"), spec("b"), spec("c")], { b: { startMs: 10 } });
    world.start(5);
    world.stop();
    assert.deepEqual(world.moves(), ["start a", "start b", "stop b", "stop a"]);
    assert.deepEqual(world.alive, []);
    assert.deepEqual(world.ended, { kind: "shutdown" });
  });

  it("U4: does not ask a child to stop whose end it knows of already", () => {
    const children = [spec("a"), spec("b", { restart: "transient" })];
    const world = World.of({ strategy: "one_for_all" }, children, { c: { startMs: 10 } }).start();
    world.send({ kind: "start_child", spec: spec("c") });
    world.run(5);
    world.die("a");
    world.die("b", { kind: "normal" });
    world.settle();
    const asked = world.events.filter(({ kind }) => kind === "stopped");
    assert.deepEqual(asked.map((event) => "actor" in event && event.actor), ["c.1"]);
    assert.deepEqual(world.children(), ["a=a.2", "b=b.2", "c=c.2"]);
  });

  it("ends with the reason it was told, T14: also normal", () => {
    const world = World.of({}, [spec("a")]).start();
    assert.deepEqual(world.stop({ kind: "normal" }), { kind: "normal" });
  });

  it("is deaf once it ended", () => {
    const world = World.of({}, [spec("a")]).start();
    world.stop();
    const { state } = world;
    for (const event of [...world.events]) world.handle(event);
    assert.equal(world.state.phase, "ended");
    assert.deepEqual(world.state.table, state.table);
  });
});
