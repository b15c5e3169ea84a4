import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Restart } from "../../../src/actor.ts";
import type { Ending } from "./stage.ts";
import { Stage } from "./stage.ts";
import { DETAIL, eventsOf, NORMAL, oneSystem, short, SHUTDOWN } from "./support.ts";

describe("supervision on threads: stop", () => {
  const system = oneSystem();

  it("19 sup_stop_infinity: two children end with shutdown, however long it takes", async (t) => {
    const stage = await Stage.open(t, system());
    stage.part("b", () => ({ stop: "held" }));
    const top = await stage.supervisor({}, stage.members("a b", { shutdown: "infinity" }));
    const stopped = system().stop(top);
    await stage.release("b");
    assert.deepEqual(await stopped, { kind: "shutdown" });
    assert.deepEqual(stage.take("gone"), ["gone b shutdown", "gone a shutdown"]);
  });

  for (const placement of [{ pool: "crew" }, "thread"] as const) {
    const where = typeof placement === "object" ? "in a pool" : "in a thread of its own";
    it(`20 sup_stop_timeout: ${where}, one that does not answer is killed, the other not`, async (t) => {
      const stage = await Stage.open(t, system());
      stage.part("a", () => ({ stop: "never" }));
      const top = await stage.supervisor({}, [
        stage.member("a", { shutdown: 50, placement }),
        stage.member("b", { shutdown: 5_000, placement }),
      ]);
      assert.deepEqual(await system().stop(top), { kind: "shutdown" });
      assert.deepEqual(stage.take("gone"), ["gone b shutdown", "gone a killed"]);
    });
  }

  it("21 sup_stop_timeout_dynamic: the same for dynamic children", async (t) => {
    const stage = await Stage.open(t, system());
    stage.part("a", () => ({ stop: "never" }));
    const top = await stage.dynamic({}, { shutdown: 100 });
    for (const id of ["a", "b"]) await top.ask.startChild(stage.args(id));
    assert.deepEqual(await system().stop(top), { kind: "shutdown" });
    assert.deepEqual(stage.take("gone").sort(), ["gone a killed", "gone b shutdown"]);
  });

  it("22 sup_stop_brutal_kill: killed at once, terminate does not run; dynamic, too", async (t) => {
    const stage = await Stage.open(t, system());
    const top = await stage.supervisor({}, [
      stage.member("a"),
      stage.member("b", { shutdown: "brutal_kill" }),
    ]);
    await system().stop(top);
    assert.deepEqual(stage.take("stop", "gone"), [
      "gone b killed",
      "stop a shutdown",
      "gone a shutdown",
    ]);
    const simple = await stage.dynamic({}, { shutdown: "brutal_kill" });
    for (const id of ["c", "d"]) await simple.ask.startChild(stage.args(id));
    assert.deepEqual(await system().stop(simple), { kind: "shutdown" });
    assert.deepEqual(stage.take("stop", "gone").sort(), ["gone c killed", "gone d killed"]);
  });

  it("23 sup_stop_race: 12 children end by themselves during the stop; each has its own reason", async (t) => {
    const stage = await Stage.open(t, system());
    const restarts: Restart[] = ["permanent", "transient", "temporary"];
    const endings: Ending[] = [NORMAL, SHUTDOWN, DETAIL, "crash"];
    const told = ["normal", "shutdown", "shutdown: enough", "error"];
    const ids = restarts.flatMap((restart) => endings.map((_, i) => `${restart}${i}`));
    // The youngest is held in its end, so that the supervisor is in the middle of its stop.
    stage.part("temporary3", () => ({ stop: "held" }));
    const top = await stage.supervisor(
      { intensity: 0 },
      ids.map((id) => stage.member(id, { restart: id.slice(0, -1) as Restart })),
    );
    await stage.settled();
    const stopped = system().stop(top);
    await stage.until("the stop", () => stage.log.includes("stop temporary3 shutdown"));
    for (const id of ids.slice(0, -1)) await stage.endNow(id, endings[Number(id.at(-1))]);
    await stage.release("temporary3");
    assert.deepEqual(await stopped, { kind: "shutdown" });
    const gone = stage.take("gone").map((line) => line.replace(/ error:.*/, " error"));
    assert.deepEqual(
      gone.sort(),
      ids.map((id) => `gone ${id} ${id === "temporary3" ? "shutdown" : told[Number(id.at(-1))]}`)
        .sort(),
    );
    assert.ok(ids.every((id) => stage.starts(id) === 1));
  });

  it("24 sup_stop_non_shutdown_exit_dynamic: they answer with other reasons; it completes", async (t) => {
    const stage = await Stage.open(t, system());
    const errors = eventsOf(t, system(), "supervisor.shutdown_error");
    const top = await stage.dynamic({});
    for (const id of ["a", "b", "c"]) {
      stage.part(id, () => ({ stop: "throw" }));
      await top.ask.startChild(stage.args(id));
    }
    assert.deepEqual(await system().stop(top), { kind: "shutdown" });
    assert.equal(errors.length, 3);
  });

  it("25 order_of_children: ids that are not sorted keep their order", async (t) => {
    const stage = await Stage.open(t, system());
    const top = await stage.supervisor({ strategy: "rest_for_one" }, stage.members("e b d a c"));
    stage.take();
    await stage.end("d");
    await stage.settled();
    const moves = ["stop c", "stop a", "start d", "start a", "start c"];
    assert.deepEqual(stage.take("stop", "start").map(short).slice(1), moves);
    await system().stop(top);
    assert.deepEqual(stage.take("stop").map(short), [
      "stop c",
      "stop a",
      "stop d",
      "stop b",
      "stop e",
    ]);
  });

  it("26 T6: three slow ones are stopped one after the other, in reverse", async (t) => {
    const stage = await Stage.open(t, system());
    for (const id of ["a", "b", "c"]) stage.part(id, () => ({ stop: "held" }));
    const top = await stage.supervisor({}, stage.members("a b c"));
    const stopped = system().stop(top);
    for (const id of ["c", "b", "a"]) await stage.release(id);
    await stopped;
    const expected = ["c", "b", "a"].flatMap((id) => [
      `stop ${id} shutdown`,
      `stopped ${id}`,
      `gone ${id} shutdown`,
    ]);
    assert.deepEqual(stage.take("stop", "stopped", "gone"), expected);
  });

  it("27 simple_one_for_one_shutdown: all are stopped at once, with one timer", async (t) => {
    const stage = await Stage.open(t, system());
    const ids = ["a", "b", "c"];
    const top = await stage.dynamic({}, { shutdown: 200 });
    for (const id of ids) {
      stage.part(id, () => ({ stop: "never" }));
      await top.ask.startChild(stage.args(id));
    }
    stage.take();
    assert.deepEqual(await system().stop(top), { kind: "shutdown" });
    const log = stage.take("stop", "gone");
    assert.deepEqual(log.slice(0, 3).sort(), ids.map((id) => `stop ${id} shutdown`));
    assert.deepEqual(log.slice(3).sort(), ids.map((id) => `gone ${id} killed`));
  });

  it("28 T9: shutdown 0 is a kill", async (t) => {
    const stage = await Stage.open(t, system());
    stage.part("a", () => ({ stop: "held" }));
    const top = await stage.supervisor({}, [stage.member("a", { shutdown: 0 })]);
    await system().stop(top);
    assert.deepEqual(stage.take("gone"), ["gone a killed"]);
  });

  const answers: readonly [string, Restart, "throw" | "normal", boolean][] = [
    ["normal", "permanent", "normal", true],
    ["normal", "temporary", "normal", false],
    ["an error", "transient", "throw", true],
    ["an error", "temporary", "throw", true],
  ];
  for (const [what, restart, stop, reported] of answers) {
    it(`29 T24: a ${restart} child answers with ${what}: terminateChild is ok${reported ? ", reported" : ""}`, async (t) => {
      const stage = await Stage.open(t, system());
      const errors = eventsOf(t, system(), "supervisor.shutdown_error");
      stage.part("a", () => ({ stop }));
      const top = await stage.supervisor({}, [stage.member("a", { restart })]);
      await top.ask.terminateChild("a");
      assert.deepEqual(errors.map(({ data }) => data["id"]), reported ? ["a"] : []);
      assert.equal(stage.starts("a"), 1);
    });
  }

  it("30 child_unlink: a child that unlinked itself is stopped, and seen to end", async (t) => {
    const stage = await Stage.open(t, system());
    const top = await stage.supervisor({ intensity: 5 }, stage.members("a b"));
    for (const id of ["a", "b"]) await stage.ref(id).ask.unlink(top);
    await top.ask.terminateChild("a");
    assert.deepEqual(await stage.children(top), ["a=stopped", "b=b.1"]);
    await stage.end("b");
    assert.deepEqual(await stage.children(top), ["a=stopped", "b=b.2"]);
  });

  it("31 T15: the supervisor is killed: its children end with killed, and those that look see it", async (t) => {
    const stage = await Stage.open(t, system());
    const top = await stage.supervisor({}, [
      stage.member("a"),
      stage.member("b", { placement: "thread" }),
      stage.member("c", { placement: "local" }),
    ]);
    await system().kill(top);
    await stage.until("all to be gone", () => stage.log.filter(isGone).length === 3);
    const log = stage.take("stop", "gone").sort();
    assert.deepEqual(log, [
      "gone a killed",
      "gone b killed",
      "gone c killed",
      "stop a killed",
      "stop b killed",
      "stop c killed",
    ]);
  });
});

function isGone(line: string): boolean {
  return line.startsWith("gone ");
}
