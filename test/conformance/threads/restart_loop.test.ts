import assert from "node:assert/strict";
import type { TestContext } from "node:test";
import { describe, it } from "node:test";
import type { ActorRef, Strategy, SupervisorProtocol } from "../../../src/actor.ts";
import { Stage } from "./stage.ts";
import { oneSystem, rejection } from "./support.ts";

/** Tolerates a child that never comes up. */
const PATIENT = { intensity: 1_000_000, periodMs: 60_000 } as const;

describe("supervision on threads: the restart loop", () => {
  const system = oneSystem();

  /** Supervises a, b and c; b crashed, and its init fails for ever. */
  async function looping(
    t: TestContext,
    strategy: Strategy,
  ): Promise<{ stage: Stage; top: ActorRef<SupervisorProtocol> }> {
    const stage = await Stage.open(t, system());
    stage.part("b", (n) => ({ init: n === 1 ? "ok" : "throw" }));
    const top = await stage.supervisor({ ...PATIENT, strategy }, stage.members("a b c"));
    await stage.end("b");
    await stage.until("some attempts", () => stage.starts("b") > 5);
    return { stage, top };
  }

  const loops = [
    ["67 hanging_restart_loop", "one_for_one", ["a=a.1", "b=restarting", "c=c.1"]],
    ["68 hanging_restart_loop_rest_for_one", "rest_for_one", [
      "a=a.1",
      "b=restarting",
      "c=stopped",
    ]],
  ] as const;
  for (const [name, strategy, children] of loops) {
    it(`${name}: init fails for ever: the API answers, terminateChild and stop are honoured`, async (t) => {
      const { stage, top } = await looping(t, strategy);
      assert.deepEqual(await stage.children(top), children);
      assert.equal((await rejection(top.ask.restartChild("b"))).code, "restarting");
      assert.equal((await rejection(top.ask.deleteChild("b"))).code, "restarting");
      const again = await rejection(top.ask.startChild(stage.member("b")));
      assert.equal(again.code, "already_present");
      await top.ask.terminateChild("b");
      const attempts = stage.starts("b");
      assert.ok((await stage.children(top)).includes("b=stopped"));
      assert.equal((await rejection(top.ask.restartChild("b"))).code, "start_failed");
      assert.equal(stage.starts("b"), attempts + 1, "nobody else tried");
      await top.ask.deleteChild("b");
      assert.deepEqual(await system().stop(top), { kind: "shutdown" });
    });
  }

  it("69 hanging_restart_loop_simple: the same for a dynamic child, by its last ref", async (t) => {
    const stage = await Stage.open(t, system());
    stage.part("b", (n) => ({ init: n === 1 ? "ok" : "throw" }));
    const top = await stage.dynamic(PATIENT);
    const ref = await top.ask.startChild(stage.args("b"));
    assert.ok(ref !== undefined);
    await stage.end("b");
    await stage.until("some attempts", () => stage.starts("b") > 5);
    assert.deepEqual(await stage.children(top), ["restarting"]);
    await top.ask.terminateChild(ref);
    assert.deepEqual(await stage.children(top), []);
    assert.deepEqual(await system().stop(top), { kind: "shutdown" });
  });

  it("70 U14: stop is obeyed between two attempts", async (t) => {
    const { stage, top } = await looping(t, "one_for_one");
    // It would be killed after that time; 200 ms as in OTP, with room for a machine that is busy.
    assert.deepEqual(await system().stop(top, { timeout: 1_000 }), { kind: "shutdown" });
    assert.ok(stage.log.includes("gone a shutdown"));
  });

  it("71 count_restarting_children: active leaves out those that are being restarted", async (t) => {
    const { top } = await looping(t, "one_for_one");
    const counts = { specs: 3, active: 2, supervisors: 0, workers: 3 };
    assert.deepEqual(await top.ask.countChildren(), counts);
  });

  it("72 U12: a slow init in startChild: whichChildren waits for it", async (t) => {
    const stage = await Stage.open(t, system());
    let up!: () => void;
    const slow = new Promise<object>((resolve) => (up = () => resolve({})));
    stage.part("slow", () => slow);
    const top = await stage.supervisor({}, stage.members("a"));
    const started = top.ask.startChild(stage.member("slow"));
    await stage.until("init to have begun", () => stage.starts("slow") === 1);
    const listed = stage.children(top);
    // What was asked before, of others, is answered meanwhile.
    assert.equal(await stage.ref("a").ask.ping(), "a");
    up();
    assert.deepEqual(await listed, ["a=a.1", "slow=slow.1"]);
    assert.ok(await started !== undefined);
  });

  it("73 T10, T11: ignore on an automatic restart: listed as stopped; a dynamic one is forgotten", async (t) => {
    const stage = await Stage.open(t, system());
    for (const id of ["a", "d"]) stage.part(id, (n) => ({ init: n === 2 ? "ignore" : "ok" }));
    const top = await stage.supervisor({}, stage.members("a b"));
    await stage.end("a");
    assert.deepEqual(await stage.children(top), ["a=stopped", "b=b.1"]);
    await top.ask.restartChild("a");
    assert.deepEqual(await stage.children(top), ["a=a.3", "b=b.1"]);
    const simple = await stage.dynamic({});
    await simple.ask.startChild(stage.args("d"));
    await stage.end("d");
    assert.deepEqual(await stage.children(simple), []);
  });
});
