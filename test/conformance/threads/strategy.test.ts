import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Strategy } from "../../../src/actor.ts";
import { SINGLE, Stage } from "./stage.ts";
import { eventsOf, NORMAL, oneSystem, short } from "./support.ts";

describe("supervision on threads: strategies", () => {
  const system = oneSystem();

  const who: readonly [string, Strategy, string[]][] = [
    ["42 one_for_one: the others keep their refs", "one_for_one", ["a=a.1", "b=b.2", "c=c.1"]],
    ["43 one_for_all: all have new refs", "one_for_all", ["a=a.2", "b=b.2", "c=c.2"]],
    ["44 rest_for_one: the first keeps its ref", "rest_for_one", ["a=a.1", "b=b.2", "c=c.2"]],
  ];
  for (const [name, strategy, children] of who) {
    for (const how of ["crash", "kill", "exit thread"] as const) {
      it(`${name} (${how})`, async (t) => {
        const stage = await Stage.open(t, system());
        const placement = how === "exit thread" ? "thread" : { pool: SINGLE };
        const top = await stage.supervisor({ strategy }, [
          stage.member("a"),
          stage.member("b", { placement }),
          stage.member("c"),
        ]);
        await stage.end("b", how);
        assert.deepEqual(await stage.children(top), children);
      });
    }
  }

  it("45 simple_one_for_one: two instances, one crashes, the other is the same", async (t) => {
    const stage = await Stage.open(t, system());
    const top = await stage.dynamic({});
    for (const id of ["a", "b"]) await top.ask.startChild(stage.args(id));
    await stage.end("a");
    assert.deepEqual((await stage.children(top)).sort(), ["a.2", "b.1"]);
  });

  it("46 T1, tree: one_for_all starts also what had ended normally or was terminated", async (t) => {
    const stage = await Stage.open(t, system());
    const top = await stage.supervisor({ strategy: "one_for_all" }, [
      stage.member("ended", { restart: "transient" }),
      ...stage.members("terminated crashes"),
    ]);
    await stage.end("ended", NORMAL);
    await top.ask.terminateChild("terminated");
    const before = ["ended=stopped", "terminated=stopped", "crashes=crashes.1"];
    assert.deepEqual(await stage.children(top), before);
    await stage.end("crashes");
    const after = ["ended=ended.2", "terminated=terminated.2", "crashes=crashes.2"];
    assert.deepEqual(await stage.children(top), after);
  });

  it("47 T2: rest_for_one of four, the second crashes: stop 4, 3; start 2, 3, 4", async (t) => {
    const stage = await Stage.open(t, system());
    await stage.supervisor({ strategy: "rest_for_one" }, stage.members("a b c d"));
    stage.take();
    await stage.end("b");
    await stage.settled();
    assert.deepEqual(stage.take("gone", "stop", "stopped", "start"), [
      "stop b error",
      "gone b error: b crashed",
      "stop d shutdown",
      "stopped d",
      "gone d shutdown",
      "stop c shutdown",
      "stopped c",
      "gone c shutdown",
      "start b",
      "start c",
      "start d",
    ]);
  });

  it("48 T20: a child added by startChild is restarted after an earlier one", async (t) => {
    const stage = await Stage.open(t, system());
    const top = await stage.supervisor({ strategy: "rest_for_one" }, stage.members("a b c"));
    await top.ask.startChild(stage.member("added"));
    stage.take();
    await stage.end("b");
    await stage.settled();
    const moves = ["stop added", "stop c", "start b", "start c", "start added"];
    assert.deepEqual(stage.take("stop", "start").map(short).slice(1), moves);
  });

  it("49 T21: a temporary one crashes under one_for_all, nobody else is touched", async (t) => {
    const stage = await Stage.open(t, system());
    const top = await stage.supervisor({ strategy: "one_for_all" }, [
      stage.member("a"),
      stage.member("t", { restart: "temporary" }),
      stage.member("c"),
    ]);
    await stage.end("t");
    assert.deepEqual(await stage.children(top), ["a=a.1", "c=c.1"]);
  });

  const failing: readonly [string, Strategy, string, string[], string[]][] = [
    [
      "50 one_for_all_other_child_fails_restart, T18: those that are up are stopped, the group starts again",
      "one_for_all",
      "c",
      [
        "stop b",
        "stop a",
        "start a",
        "start b",
        "stop a",
        "start a",
        "start b",
        "start c",
      ],
      ["a=a.3", "b=b.3", "c=c.2"],
    ],
    [
      "51 rest_for_one_other_child_fails_restart, T19: earlier ones are not restarted again",
      "rest_for_one",
      "a",
      ["stop c", "stop b", "start a", "start b", "start b", "start c"],
      ["a=a.2", "b=b.3", "c=c.2"],
    ],
  ];
  for (const [name, strategy, crashing, moves, children] of failing) {
    it(name, async (t) => {
      const stage = await Stage.open(t, system());
      stage.part("b", (n) => ({ init: n === 2 ? "throw" : "ok" }));
      const top = await stage.supervisor({ strategy, intensity: 3 }, stage.members("a b c"));
      stage.take();
      await stage.end(crashing);
      await stage.shows(top, children);
      assert.deepEqual(stage.take("stop", "start").map(short).slice(1), moves);
    });
  }

  for (const strategy of ["one_for_all", "rest_for_one"] as const) {
    it(`52 U4: two die before the supervisor runs: one group restart (${strategy})`, async (t) => {
      const stage = await Stage.open(t, system());
      const restarts = eventsOf(t, system(), "supervisor.restart");
      const placement = { pool: SINGLE };
      const top = await stage.supervisor({ strategy, intensity: 1 }, [
        stage.member("a", { placement }),
        stage.member("b", { placement }),
        stage.member("c"),
      ]);
      stage.take();
      // They share a thread, so both ends are news at once.
      await stage.end("a", "terminate thread");
      assert.deepEqual(await stage.children(top), ["a=a.2", "b=b.2", "c=c.2"]);
      assert.deepEqual(stage.take("stop", "start").map(short), [
        "stop c",
        "start a",
        "start b",
        "start c",
      ]);
      assert.equal(restarts.length, 1);
    });
  }

  it("53 V5: delete and start moves to the end, terminate and restart keeps the place", async (t) => {
    const stage = await Stage.open(t, system());
    const top = await stage.supervisor({}, stage.members("a b c"));
    await top.ask.terminateChild("a");
    await top.ask.restartChild("a");
    assert.deepEqual(await stage.children(top), ["a=a.2", "b=b.1", "c=c.1"]);
    await top.ask.terminateChild("a");
    await top.ask.deleteChild("a");
    await top.ask.startChild(stage.member("a"));
    assert.deepEqual(await stage.children(top), ["b=b.1", "c=c.1", "a=a.3"]);
    stage.take();
    await system().stop(top);
    assert.deepEqual(stage.take("stop").map(short), ["stop a", "stop c", "stop b"]);
  });
});
