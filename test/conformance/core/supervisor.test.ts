import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { ActorContext, ActorRef, AnyRef, ExitReason } from "../../../src/actor/mod.ts";
import { actor, ignore, StartFailedError, StartIgnoredError } from "../../../src/actor/mod.ts";
import type {
  ChildInfo,
  DynamicSupervisorProtocol,
  SupervisorProtocol,
} from "../../../src/supervision/mod.ts";
import {
  child,
  ChildStartError,
  dynamicSupervisor,
  supervisor,
} from "../../../src/supervision/mod.ts";
import { FakeSystem } from "./fake_system.ts";

/** A named actor that counts, crashes and notes how it ended. */
function worker(log: string[] = []) {
  return actor((ctx: ActorContext, name: string) => {
    let n = 0;
    log.push(`init ${name}`);
    ctx.onTerminate((reason) => void log.push(`terminate ${name} ${reason.kind}`));
    return {
      add: () => ++n,
      crash: () => {
        throw new Error(`${name} crashed`);
      },
      end: (reason: ExitReason) => ctx.stop(reason),
      linkTo: (id: AnyRef) => ctx.link(id),
    };
  });
}
type Worker = {
  add(): number;
  crash(): void;
  end(reason: ExitReason): void;
  linkTo(ref: AnyRef): void;
};

async function refs(top: ActorRef<SupervisorProtocol>): Promise<string[]> {
  return listed(await top.ask.whichChildren());
}

function listed(children: readonly ChildInfo[]): string[] {
  return children.map(({ id, ref }) => `${id}=${typeof ref === "object" ? "up" : ref}`).reverse();
}

function ab(log: string[]) {
  return ["a", "b"].map((id) => child({ id, start: worker(log), args: id, name: id }));
}

describe("supervisor()", () => {
  it("1, 26 starts left to right, stops in reverse, ends with shutdown", async () => {
    const log: string[] = [];
    const system = new FakeSystem();
    const top = await system.spawn(supervisor({}, ab(log)), undefined);
    assert.deepEqual(log, ["init a", "init b"]);
    assert.deepEqual(await system.stop(top), { kind: "shutdown" });
    assert.deepEqual(log.slice(2), ["terminate b shutdown", "terminate a shutdown"]);
    assert.deepEqual(system.node.cells, []);
  });

  it("2 sup_start_ignore_init: children that are ignore: nothing to run, exit normal", async () => {
    const system = new FakeSystem();
    await assert.rejects(system.spawn(supervisor({}, () => ignore), undefined), StartIgnoredError);
    assert.deepEqual(system.events.at(-1)?.data, { reason: { kind: "normal" } });
  });

  it("7 sup_start_error_return: children that are rubbish: error, exit with it", async () => {
    const system = new FakeSystem();
    const rubbish = supervisor({}, () => "rubbish" as unknown as []);
    await assert.rejects(system.spawn(rubbish, undefined), /children is "rubbish"/);
    assert.equal((system.events.at(-1)?.data["reason"] as ExitReason).kind, "error");
  });

  it("8 sup_start_fail: making the children throws: error, exit with it", async () => {
    const system = new FakeSystem();
    const failing = supervisor({}, () => {
      throw new Error("no children today");
    });
    await assert.rejects(system.spawn(failing, undefined), /no children today/);
  });

  it("children may depend on the supervisor's arguments", async () => {
    const system = new FakeSystem();
    const many = supervisor(
      {},
      (_ctx: ActorContext, count: number) =>
        Array.from(
          { length: count },
          (_, i) => child({ id: `w${i}`, start: worker(), args: `w${i}` }),
        ),
    );
    const top = await system.spawn(many, 3);
    assert.deepEqual(await refs(top), ["w0=up", "w1=up", "w2=up"]);
  });

  it("14–15 a failure deep in the tree stops what is up and is visible at the top", async () => {
    const log: string[] = [];
    const system = new FakeSystem();
    const faulty = actor(() => {
      throw new Error("no database");
      // deno-lint-ignore no-unreachable
      return {};
    });
    const inner = supervisor({}, [...ab(log), child({ id: "leaf", start: faulty })]);
    const root = supervisor({}, [
      child({ id: "inner", start: inner }),
      child({ id: "never", start: worker(log), args: "never" }),
    ]);
    await assert.rejects(system.spawn(root, undefined), (error) => {
      assert.ok(error instanceof StartFailedError);
      assert.match(
        error.message,
        /Child "inner" did not start: Child "leaf" did not start: no database$/,
      );
      let deepest: Error = error;
      while (deepest.cause instanceof Error) deepest = deepest.cause;
      assert.equal(deepest.message, "no database");
      return true;
    });
    assert.deepEqual(log, ["init a", "init b", "terminate b shutdown", "terminate a shutdown"]);
    assert.deepEqual(system.node.cells, []);
  });

  it("17 U5: an init slower than the start timeout is an error; no orphan is alive", async () => {
    const system = new FakeSystem();
    const slow = actor(() => new Promise<Record<string, never>>(() => {}));
    const top = supervisor({}, [
      child({ id: "a", start: worker(), args: "a" }),
      child({ id: "slow", start: slow, startTimeout: 50 }),
    ]);
    const started = assert.rejects(
      system.spawn(top, undefined),
      /"slow" did not start: it was not ready within 50 ms/,
    );
    await system.run(60);
    await started;
    assert.deepEqual(system.node.cells, []);
  });

  it("18 U10: a name that is taken: error, init is not run", async () => {
    const log: string[] = [];
    const system = new FakeSystem();
    await system.spawn(worker(), "db", { name: "db" });
    const top = supervisor({}, [child({ id: "a", start: worker(log), args: "a", name: "db" })]);
    await assert.rejects(system.spawn(top, undefined), /The name "db" belongs to main\/1/);
    assert.deepEqual(log, []);
  });

  it("20 a child that does not answer is killed after its shutdown time", async () => {
    const system = new FakeSystem();
    const stubborn = actor((ctx: ActorContext) => {
      ctx.onTerminate(() => new Promise(() => {}));
      return {};
    });
    const top = await system.spawn(
      supervisor({}, [child({ id: "a", start: stubborn, shutdown: 1_000 })]),
      undefined,
    );
    const stopped = system.stop(top);
    await system.run(999);
    assert.equal(system.endOf(top), undefined);
    await system.run(1);
    assert.deepEqual(await stopped, { kind: "shutdown" });
    assert.deepEqual(system.kinds("supervisor."), ["shutdown_error"]);
  });

  it("22 brutal_kill: terminate is not run", async () => {
    const log: string[] = [];
    const system = new FakeSystem();
    const top = await system.spawn(
      supervisor({}, [child({ id: "a", start: worker(log), args: "a", shutdown: "brutal_kill" })]),
      undefined,
    );
    await system.stop(top);
    assert.deepEqual(log, ["init a"]);
  });

  it("30 child_unlink: a child that unlinked its supervisor is stopped all the same", async () => {
    const system = new FakeSystem();
    const unlinking = actor((ctx: ActorContext) => ({
      unlink: () => ctx.parent && ctx.unlink(ctx.refTo(ctx.parent)),
    }));
    const top = await system.spawn(
      supervisor({}, [child({ id: "a", start: unlinking, name: "a" })]),
      undefined,
    );
    await system.named<{ unlink(): void }>("a").ask.unlink();
    await top.ask.terminateChild("a");
    assert.deepEqual(await refs(top), ["a=undefined"]);
  });

  it("31 T15: the supervisor is killed: children end with killed", async () => {
    const log: string[] = [];
    const system = new FakeSystem();
    const inner = supervisor({}, [child({ id: "leaf", start: worker(log), args: "leaf" })]);
    const top = await system.spawn(
      supervisor({}, [...ab(log), child({ id: "inner", start: inner })]),
      undefined,
    );
    log.length = 0;
    await system.kill(top);
    await system.run(0);
    assert.deepEqual(log.sort(), [
      "terminate a killed",
      "terminate b killed",
      "terminate leaf shutdown",
    ]);
    assert.deepEqual(system.node.cells, []);
  });

  it("42, 92 a crashed child is restarted under its name, the other keeps its ref", async () => {
    const system = new FakeSystem();
    const top = await system.spawn(supervisor({}, ab([])), undefined);
    const [a, b] = [system.named<Worker>("a"), system.named<Worker>("b")];
    await a.ask.add();
    await assert.rejects(a.ask.crash(), /a crashed/);
    await system.run(0);
    assert.notEqual(system.named("a").id, a.id);
    assert.equal(system.named("b").id, b.id);
    assert.equal(await system.named<Worker>("a").ask.add(), 1);
    assert.deepEqual(system.kinds("supervisor."), ["child_failed", "restart"]);
    const restart = system.events.find(({ kind }) => kind === "supervisor.restart");
    assert.equal(restart?.actor, top.id);
    assert.equal(restart?.data["id"], "a");
    assert.equal(restart?.data["delay"], 0);
    assert.equal((await top.ask.whichChildren()).find(({ id }) => id === "a")?.restarts, 1);
  });

  it("92 simple_global_supervisor: a named middle one is killed: its names are found again", async () => {
    const system = new FakeSystem();
    const middle = supervisor({}, ab([]));
    await system.spawn(
      supervisor({ intensity: 9 }, [child({ id: "middle", start: middle, name: "middle" })]),
      undefined,
    );
    const before = ["middle", "a", "b"].map((name) => system.named(name).id);
    await system.kill(system.named("middle"));
    await system.run(0);
    const after = ["middle", "a", "b"].map((name) => system.named(name).id);
    for (let i = 0; i < 3; i++) assert.notEqual(after[i], before[i]);
    await system.kill(system.named("a"));
    await system.run(0);
    await system.named<Worker>("b").ask.end({ kind: "normal" }).catch(() => {});
    await system.run(6_000);
    assert.notEqual(system.names.get("a"), undefined);
    await system.named<SupervisorProtocol>("middle").ask.terminateChild("a");
    assert.equal(system.names.get("a"), undefined);
    await system.named<SupervisorProtocol>("middle").ask.restartChild("a");
    assert.notEqual(system.names.get("a"), undefined);
  });

  it("43 one_for_all: stops the others in reverse, starts all", async () => {
    const log: string[] = [];
    const system = new FakeSystem();
    await system.spawn(supervisor({ strategy: "one_for_all" }, ab(log)), undefined);
    log.length = 0;
    await system.kill(system.named("a"));
    await system.run(0);
    assert.deepEqual(log, ["terminate b shutdown", "init a", "init b"]);
  });

  it("60 gives up: reports, stops the rest, ends with shutdown", async () => {
    const log: string[] = [];
    const system = new FakeSystem();
    const top = await system.spawn(supervisor({ intensity: 0 }, ab(log)), undefined);
    log.length = 0;
    await system.named<Worker>("a").ask.crash().catch(() => {});
    await system.run(0);
    assert.deepEqual(system.endOf(top), { kind: "shutdown" });
    assert.deepEqual(log, ["terminate a error", "terminate b shutdown"]);
    assert.deepEqual(system.kinds("supervisor."), ["child_failed", "gave_up"]);
    assert.deepEqual(system.node.cells, []);
  });

  it("67, 70 init fails for ever: others get their turn, stop is obeyed", async () => {
    const system = new FakeSystem();
    let starts = 0;
    const once = actor(() => {
      if (++starts > 1) throw new Error("never again");
      return {};
    });
    const options = { intensity: 1_000_000, periodMs: 1_000 };
    const top = await system.spawn(
      supervisor(options, [child({ id: "a", start: once, name: "a" })]),
      undefined,
    );
    await system.kill(system.named("a"));
    for (let i = 0; i < 20; i++) {
      system.scheduler.step(system.scheduler.now);
      await system.settle();
    }
    assert.ok(starts > 5);
    assert.deepEqual(await refs(top), ["a=restarting"]);
    await assert.rejects(top.ask.restartChild("a"), {
      code: "restarting",
      name: "ChildRestartingError",
    });
    assert.deepEqual(await system.stop(top), { kind: "shutdown" });
    assert.deepEqual(system.node.cells, []);
  });

  it("72 U12: startChild waits for a slow init, whichChildren waits behind it, no deadlock", async () => {
    const system = new FakeSystem();
    let go = (): void => {};
    const slow = actor(async () => {
      await new Promise<void>((resolve) => (go = resolve));
      return {};
    });
    const slowSet = dynamicSupervisor({}, { start: slow });
    const top = await system.spawn(slowSet, undefined);
    const order: string[] = [];
    const started = top.ask.startChild(undefined).then(() => order.push("started"));
    const which = top.ask.whichChildren().then((children) =>
      order.push(`listed ${children.length}`)
    );
    await system.settle();
    assert.deepEqual(order, []);
    go();
    await Promise.all([started, which]);
    assert.deepEqual(order, ["started", "listed 1"]);
  });

  it("74 refusals reach the caller and do not end the supervisor", async () => {
    const system = new FakeSystem();
    const top = await system.spawn(supervisor({}, ab([])), undefined);
    await assert.rejects(top.ask.deleteChild("a"), { code: "running" });
    await assert.rejects(top.ask.terminateChild("x"), { code: "not_found" });
    await assert.rejects(top.ask.startChild({ id: "" } as never), { code: "invalid_child" });
    await top.ask.terminateChild("a");
    await assert.rejects(top.ask.restartChild("b"), { code: "running" });
    const ref = await top.ask.restartChild("a");
    assert.equal(ref?.id, system.named("a").id);
    await top.ask.terminateChild(system.named("a"));
    await top.ask.deleteChild("a");
    assert.deepEqual(await top.ask.countChildren(), {
      specs: 1,
      active: 1,
      supervisors: 0,
      workers: 1,
    });
    assert.equal((await top.ask.getChildSpec("b")).shutdown, 5_000);
    assert.equal(system.endOf(top), undefined);
    await system.kill(top);
    await assert.rejects(top.ask.whichChildren(), { code: "noproc" });
  });

  it("82 T23: the exit of a stranger that linked itself is told and survived", async () => {
    const system = new FakeSystem();
    const top = await system.spawn(supervisor({ intensity: 0 }, ab([])), undefined);
    const stranger = await system.spawn(worker(), "stranger");
    await stranger.ask.linkTo(top);
    await system.kill(stranger);
    await system.run(0);
    assert.equal(system.endOf(top), undefined);
    assert.deepEqual(system.kinds("supervisor."), ["foreign_exit"]);
  });

  it("105 T14: the parent ends, also normally: the supervisor ends with its reason, children first", async () => {
    for (
      const reason of [{ kind: "normal" }, { kind: "error", error: new Error("boom") }] as const
    ) {
      const log: string[] = [];
      const system = new FakeSystem();
      const parent = actor(async (ctx: ActorContext) => {
        const top = await ctx.spawn(supervisor({}, ab(log)), undefined, {
          link: true,
          name: "top",
        });
        return { end: () => ctx.stop(reason), top: () => top };
      });
      const ref = await system.spawn(parent, undefined);
      const top = await ref.ask.top();
      log.length = 0;
      await ref.ask.end().catch(() => {});
      await system.run(0);
      assert.equal(system.endOf(top)?.kind, reason.kind);
      assert.deepEqual(log, ["terminate b shutdown", "terminate a shutdown"]);
      assert.deepEqual(system.node.cells, []);
    }
  });

  it("108 backoff: the restart waits on the actor's clock, stop cancels it", async () => {
    const system = new FakeSystem();
    const backoff = { min: 100, max: 1_000, randomFactor: 0 };
    const top = await system.spawn(supervisor({ intensity: 99, backoff }, ab([])), undefined);
    await system.kill(system.named("a"));
    await system.run(99);
    assert.deepEqual(await refs(top), ["a=restarting", "b=up"]);
    assert.deepEqual([...system.expected], ["a", "b"], "messages to it are kept");
    await system.run(1);
    assert.deepEqual(await refs(top), ["a=up", "b=up"]);
    await system.kill(system.named("a"));
    await system.run(10);
    await top.ask.terminateChild("a");
    await system.settle();
    assert.deepEqual([...system.expected], ["b"], "it does not come back");
    await system.run(1_000);
    assert.deepEqual(await refs(top), ["a=undefined", "b=up"]);
    assert.deepEqual(await system.stop(top), { kind: "shutdown" });
  });

  it("says at the start what is allowed and hardly meant", async () => {
    const system = new FakeSystem();
    await system.spawn(supervisor({ backoff: { min: 1, max: 5 } }, ab([])), undefined);
    assert.deepEqual(system.kinds("supervisor."), ["warning", "warning"]);
  });

  it("stopped while a restart is under way, it leaves nobody behind", async () => {
    const system = new FakeSystem();
    let starts = 0;
    let go = (): void => {};
    const slow = actor(async () => {
      if (++starts > 1) await new Promise<void>((resolve) => (go = resolve));
      return {};
    });
    const top = await system.spawn(
      supervisor({}, [...ab([]), child({ id: "slow", start: slow, name: "slow" })]),
      undefined,
    );
    await system.kill(system.named("slow"));
    await system.settle();
    assert.equal(starts, 2);
    const stopped = system.stop(top);
    await system.settle();
    go();
    assert.deepEqual(await stopped, { kind: "shutdown" });
    assert.deepEqual(system.node.cells, []);
  });

  it("stopped at any moment of a request or a restart, it ends and leaves nobody behind", async () => {
    for (let turns = 0; turns < 25; turns++) {
      const system = new FakeSystem();
      const top = await system.spawn(supervisor({ strategy: "one_for_all" }, ab([])), undefined);
      if (turns % 2 === 0) top.tell.terminateChild("a");
      else void system.kill(system.named("a"));
      for (let i = 0; i < turns; i++) await Promise.resolve();
      const stopped = system.stop(top);
      await system.run(10_000);
      assert.deepEqual(system.endOf(top), { kind: "shutdown" }, `after ${turns} turns`);
      assert.deepEqual(await stopped, { kind: "shutdown" });
      assert.deepEqual(system.node.cells, []);
    }
  });

  it("a transient child that ends normally soon after its init is not restarted", async () => {
    for (let turns = 0; turns < 30; turns++) {
      const system = new FakeSystem();
      let runs = 0;
      const task = actor((ctx: ActorContext) => {
        runs++;
        void later(turns).then(() => ctx.post(() => ctx.stop()));
        return {};
      });
      const specs = [child({ id: "task", start: task, restart: "transient" })];
      const top = await system.spawn(supervisor({}, specs), undefined);
      await system.run(10);
      assert.equal(runs, 1, `after ${turns} turns`);
      assert.deepEqual(await refs(top), ["task=undefined"]);
    }
  });
});

async function later(turns: number): Promise<void> {
  for (let i = 0; i < turns; i++) await Promise.resolve();
}

describe("dynamicSupervisor()", () => {
  it("45, 75 starts children with arguments and names, restarts each by itself, stops by ref", async () => {
    const system = new FakeSystem();
    const top: ActorRef<DynamicSupervisorProtocol<string>> = await system.spawn(
      dynamicSupervisor({ intensity: 3 }, { start: worker() }),
      undefined,
    );
    const one = await top.ask.startChild("one", { name: "one" });
    const two = await top.ask.startChild("two", { name: "two" });
    assert.ok(one && two);
    await assert.rejects(top.ask.startChild("again", { name: "one" }), { code: "already_started" });
    await system.kill(one);
    await system.run(0);
    assert.notEqual(system.named("one").id, one.id);
    assert.equal(system.named("two").id, two.id);
    await top.ask.terminateChild(two);
    assert.equal(system.names.get("two"), undefined);
    await assert.rejects(top.ask.terminateChild("one"), { code: "simple_one_for_one" });
    await assert.rejects(top.ask.terminateChild(top), { code: "not_found" });
    assert.deepEqual(await top.ask.countChildren(), {
      specs: 1,
      active: 1,
      supervisors: 0,
      workers: 1,
    });
    assert.deepEqual(await system.stop(top), { kind: "shutdown" });
    assert.deepEqual(system.node.cells, []);
  });

  it("11 a child that does not start is refused with the cause", async () => {
    const system = new FakeSystem();
    const faulty = actor((_ctx: ActorContext, text: string) => {
      if (text === "bad") throw new Error("bad text");
      return {};
    });
    const top = await system.spawn(
      dynamicSupervisor({}, { start: faulty, restart: "temporary" }),
      undefined,
    );
    await assert.rejects(top.ask.startChild("bad"), (error) => {
      assert.ok(error instanceof ChildStartError);
      assert.equal((error.cause as Error).message, "bad text");
      return true;
    });
    assert.ok(await top.ask.startChild("good"));
  });

  it("107 maxChildren", async () => {
    const system = new FakeSystem();
    const top = await system.spawn(
      dynamicSupervisor({ maxChildren: 1 }, { start: worker() }),
      undefined,
    );
    await top.ask.startChild("one");
    await assert.rejects(top.ask.startChild("two"), { code: "max_children" });
  });
});
