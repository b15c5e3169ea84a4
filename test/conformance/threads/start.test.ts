import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { AnyChildSpec, AnyRef, ExitReason } from "../../../src/actor.ts";
import {
  child,
  ChildAlreadyStartedError,
  ChildStartError,
  dynamicSupervisor,
  fromModule,
  ignore,
  InvalidOptionError,
  StartFailedError,
  supervisor,
} from "../../../src/actor.ts";
import { memberModule, Stage } from "./stage.ts";
import { eventsOf, oneSystem, rejection } from "./support.ts";

/** The innermost cause. */
function rootCause(error: Error): Error {
  return error.cause instanceof Error ? rootCause(error.cause) : error;
}

describe("supervision on threads: start", () => {
  const system = oneSystem();

  it("1 sup_start_normal: no children, stopped with shutdown, ends with shutdown", async () => {
    const top = await system().spawn(supervisor({}, []), undefined);
    const down = system().down(top);
    assert.deepEqual(await system().stop(top), { kind: "shutdown" });
    assert.deepEqual((await down).reason, { kind: "shutdown" });
  });

  it("2 sup_start_ignore_init: the start says ignored, the exit is normal", async (t) => {
    const exits = eventsOf(t, system(), "actor.exited");
    const nothing = supervisor({}, () => ignore);
    const error = await rejection(system().spawn(nothing, undefined));
    assert.equal(error.code, "ignored");
    assert.deepEqual(exits.map(({ data }) => data["reason"]), [{ kind: "normal" }]);
  });

  it("3 sup_start_ignore_child: a permanent child that ignores keeps its spec", async (t) => {
    const stage = await Stage.open(t, system());
    stage.part("b", () => ({ init: "ignore" }));
    stage.part("c", () => ({ init: "ignore" }));
    const top = await stage.supervisor({}, stage.members("a b"));
    assert.equal(await top.ask.startChild(stage.member("c")), undefined);
    assert.deepEqual(await stage.children(top), ["a=a.1", "b=stopped", "c=stopped"]);
    const { specs, active } = await top.ask.countChildren();
    assert.deepEqual([specs, active], [3, 1]);
  });

  it("4, 5 sup_start_ignore_temporary_child: a temporary one is not kept, static or added", async (t) => {
    const stage = await Stage.open(t, system());
    for (const id of ["a", "c"]) stage.part(id, () => ({ init: "ignore" }));
    const top = await stage.supervisor({}, [
      stage.member("a", { restart: "temporary" }),
      stage.member("b"),
    ]);
    const added = await top.ask.startChild(stage.member("c", { restart: "temporary" }));
    assert.equal(added, undefined);
    assert.deepEqual(await stage.children(top), ["b=b.1"]);
  });

  for (const restart of ["temporary", "permanent"] as const) {
    it(`6 sup_start_ignore_temporary_child_start_child_simple: a ${restart} dynamic child that ignores is not kept`, async (t) => {
      const stage = await Stage.open(t, system());
      stage.part("a", (n) => ({ init: n === 1 ? "ignore" : "ok" }));
      const top = await stage.dynamic({}, { restart });
      assert.equal(await top.ask.startChild(stage.args("a")), undefined);
      assert.deepEqual(await stage.children(top), []);
      assert.ok(await top.ask.startChild(stage.args("a")) !== undefined);
      assert.deepEqual(await stage.children(top), ["a.2"]);
      assert.deepEqual(await system().stop(top), { kind: "shutdown" });
    });
  }

  const noStart: readonly [string, () => never, RegExp][] = [
    ["7 sup_start_error_return: init returns rubbish", () => 7 as never, /children is 7/],
    ["8 sup_start_fail: init throws", () => {
      throw new RangeError("no plan");
    }, /no plan/],
  ];
  for (const [name, children, message] of noStart) {
    it(`${name}: the start fails, the exit has the error`, async (t) => {
      const exits = eventsOf(t, system(), "actor.exited");
      const error = await rejection(system().spawn(supervisor({}, children), undefined));
      assert.ok(error instanceof StartFailedError);
      assert.match(error.message, message);
      const reason = exits[0]?.data["reason"] as ExitReason;
      assert.ok(reason.kind === "error" && message.test(reason.error.message));
    });
  }

  for (const init of ["throw", "rubbish"] as const) {
    it(`9, 10, 11 sup_start_child_returns_error: init ${init}s, by startChild, restartChild and dynamic`, async (t) => {
      const stage = await Stage.open(t, system());
      stage.part("a", (n) => ({ init: n === 1 ? "ok" : init }));
      stage.part("b", () => ({ init }));
      const Cause = init === "throw" ? RangeError : InvalidOptionError;

      const top = await stage.supervisor({}, [stage.member("a")]);
      const added = await rejection(top.ask.startChild(stage.member("b")));
      assert.ok(added instanceof ChildStartError && rootCause(added) instanceof Cause);
      assert.deepEqual(await stage.children(top), ["a=a.1"]);

      await top.ask.terminateChild("a");
      const again = await rejection(top.ask.restartChild("a"));
      assert.ok(again instanceof ChildStartError && rootCause(again) instanceof Cause);
      assert.deepEqual(await stage.children(top), ["a=stopped"]);

      const simple = await stage.dynamic({});
      const one = await rejection(simple.ask.startChild(stage.args("b")));
      assert.ok(one instanceof ChildStartError && rootCause(one) instanceof Cause);
      assert.deepEqual(await simple.ask.whichChildren(), []);
    });
  }

  it("12 sup_start_map: a minimal spec has the defaults; an unknown id is not found", async (t) => {
    const stage = await Stage.open(t, system());
    const top = await stage.supervisor({}, [
      stage.member("a"),
      child({ id: "s", start: supervisor({}, []) }),
    ]);
    const defaults = { restart: "permanent", significant: false, name: undefined };
    assert.deepEqual(
      await top.ask.getChildSpec("a"),
      { id: "a", type: "worker", shutdown: 5_000, ...defaults },
    );
    assert.deepEqual(
      await top.ask.getChildSpec("s"),
      { id: "s", type: "supervisor", shutdown: "infinity", ...defaults },
    );
    assert.equal((await rejection(top.ask.getChildSpec("x"))).code, "not_found");
  });

  const faulty: readonly [string, unknown, RegExp][] = [
    ["no id", { start: memberModule }, /id of a child/],
    ["no start", { id: "a" }, /start of child "a"/],
    ["no spec", 7, /a child/],
  ];
  for (const [what, spec, message] of faulty) {
    it(`13 sup_start_map_faulty_specs: ${what}: a start and a startChild that name it`, async (t) => {
      const stage = await Stage.open(t, system());
      const start = supervisor({}, () => [spec as AnyChildSpec]);
      assert.match((await rejection(system().spawn(start, undefined))).message, message);
      const top = await stage.supervisor({}, []);
      const error = await rejection(top.ask.startChild(spec as AnyChildSpec));
      assert.equal(error.code, "invalid_child");
      assert.match(error.message, message);
      assert.deepEqual(await stage.children(top), []);
    });
  }

  it("14 T5: the third of four fails: 2 and 1 are stopped in reverse, 4 never starts", async (t) => {
    const stage = await Stage.open(t, system());
    stage.part("3", () => ({ init: "throw" }));
    const error = await rejection(stage.supervisor({}, stage.members("1 2 3 4")));
    assert.deepEqual(stage.take("start", "stop"), [
      "start 1",
      "start 2",
      "start 3",
      "stop 2 shutdown",
      "stop 1 shutdown",
    ]);
    assert.ok(error.cause instanceof ChildStartError);
    assert.equal(error.cause.id, "3");
    assert.ok(error.cause.cause instanceof RangeError);
  });

  it("15 faulty_application_shutdown: a failure deep in the tree is visible at the top", async (t) => {
    const stage = await Stage.open(t, system());
    stage.part("leaf", () => ({ init: "throw" }));
    const inner = supervisor({}, [stage.member("leaf")]);
    const middle = supervisor({}, [child({ id: "inner", start: inner })]);
    const error = await rejection(
      stage.supervisor({}, [stage.member("first"), child({ id: "middle", start: middle })]),
    );
    assert.match(error.message, /"middle".*"inner".*"leaf" did not start: leaf cannot start$/);
    assert.ok(rootCause(error) instanceof RangeError);
    await stage.until("the first child to end", () => stage.log.includes("gone first shutdown"));
  });

  it("16 extra_return: a start gives its ref, from startChild, restartChild and dynamic", async (t) => {
    const stage = await Stage.open(t, system());
    const top = await stage.supervisor({}, []);
    const pings = async (ref: AnyRef | undefined): Promise<string | undefined> =>
      await ref?.as<{ ping(): string }>().ask.ping();
    assert.equal(await pings(await top.ask.startChild(stage.member("a"))), "a");
    await top.ask.terminateChild("a");
    assert.equal(await pings(await top.ask.restartChild("a")), "a");
    await stage.end("a");
    await stage.shows(top, ["a=a.3"]);
    const simple = await stage.dynamic({});
    assert.equal(await pings(await simple.ask.startChild(stage.args("d"))), "d");
  });

  for (const placement of [{ pool: "crew" }, "thread"] as const) {
    const where = typeof placement === "object" ? "a pool's thread" : "its own thread";
    it(`17 U5: init is slower than the start timeout, in ${where}: an error, no orphan`, async (t) => {
      const stage = await Stage.open(t, system());
      stage.part("a", () => ({ init: "never" }));
      const top = await stage.supervisor({}, []);
      const startTimeout = placement === "thread" ? 1_000 : 50;
      const slow = stage.member("a", { placement, startTimeout, name: "slow" });
      const error = await rejection(top.ask.startChild(slow));
      assert.equal(error.code, "start_failed");
      assert.match(error.message, /not ready within \d+ ms/);
      assert.deepEqual(await stage.children(top), []);
      assert.equal(await system().registry.whereis("slow"), undefined);
      // A busy machine may not even have come to its init.
      await stage.until(
        "the half-born to be gone",
        () => stage.log.filter((line) => line.startsWith("gone ")).length === stage.starts("a"),
      );
    });
  }

  it("18 U10: a name that is taken is already_started, and init does not run", async (t) => {
    const stage = await Stage.open(t, system());
    const top = await stage.supervisor({}, [stage.member("a", { name: "taken" })]);
    const error = await rejection(top.ask.startChild(stage.member("b", { name: "taken" })));
    assert.ok(error instanceof ChildAlreadyStartedError);
    assert.equal(error.owner, stage.ref("a").id);
    assert.equal(stage.starts("b"), 0);
    assert.deepEqual(await stage.children(top), ["a=a.1"]);
    const second = stage.supervisor({}, [stage.member("c", { name: "taken" })]);
    assert.match((await rejection(second)).message, /"taken" belongs to/);
  });

  it("2, 13 a module of children that is missing fails the start with its cause", async () => {
    const missing = fromModule(new URL("./fixtures/no_such_member.ts", import.meta.url));
    const start = dynamicSupervisor({}, { start: missing, placement: "thread" });
    const top = await system().spawn(start, undefined);
    const error = await rejection(top.ask.startChild(undefined as never));
    assert.equal(error.code, "start_failed");
    assert.match(error.message, /no_such_member/);
    await system().stop(top);
  });
});
