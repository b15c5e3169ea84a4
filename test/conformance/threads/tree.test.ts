import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { ActorRef, AnyRef, SupervisorProtocol } from "../../../src/actor.ts";
import { actor, child, supervisor } from "../../../src/actor.ts";
import { eventually } from "./host.ts";
import type { MemberProtocol } from "./fixtures/member.ts";
import { Stage } from "./stage.ts";
import { eventsOf, NORMAL, oneSystem, rejection, SHUTDOWN } from "./support.ts";

const PATIENT = { intensity: 1_000_000, periodMs: 60_000 } as const;

/** The children of `top` that are supervisors, in order. */
async function inners(top: ActorRef<SupervisorProtocol>): Promise<ActorRef<SupervisorProtocol>[]> {
  const children = await top.ask.whichChildren();
  return children.reverse().flatMap(({ ref }) =>
    typeof ref === "object" ? [ref.as<SupervisorProtocol>()] : []
  );
}

describe("supervision on threads: trees", () => {
  const system = oneSystem();

  it("91 tree: an inner supervisor gives up under one_for_all: statics are back, added ones not", async (t) => {
    const stage = await Stage.open(t, system());
    const top = await stage.supervisor(
      { strategy: "one_for_all", intensity: 3 },
      ["x", "y", "z"].map((id) =>
        child({ id, start: supervisor({ intensity: 0 }, [stage.member(`${id}1`)]) })
      ),
    );
    for (const [i, inner] of (await inners(top)).entries()) {
      await inner.ask.startChild(stage.member(`added${i}`));
    }
    await stage.end("y1");
    const after = await eventually("the statics", async () => {
      const all = await inners(top);
      return all.length === 3 && stage.starts("z1") === 2 && all;
    });
    for (const [i, id] of ["x1", "y1", "z1"].entries()) {
      assert.deepEqual(await stage.children(after[i] as typeof top), [`${id}=${id}.2`]);
      assert.equal(stage.starts(`added${i}`), 1);
    }
    assert.deepEqual(stage.take("gone"), [
      "gone y1 error: y1 crashed",
      "gone added1 shutdown",
      "gone added2 shutdown",
      "gone z1 shutdown",
      "gone added0 shutdown",
      "gone x1 shutdown",
    ]);
  });

  it("92 simple_global_supervisor: kill_worker, exit_worker, restart_worker, kill_supervisor: names are found again", async (t) => {
    const stage = await Stage.open(t, system());
    const middle = supervisor({ intensity: 10 }, [
      stage.member("worker", { name: "middle/worker", placement: "thread" }),
    ]);
    await stage.supervisor({ intensity: 10 }, [
      child({ id: "middle", start: middle, name: "middle" }),
    ]);
    const { registry } = system();
    const worker = registry.via<MemberProtocol>("middle/worker");
    const parent = registry.via<SupervisorProtocol>("middle");
    const ends: readonly (() => Promise<unknown>)[] = [
      () => stage.end("worker", "kill"),
      () => stage.end("worker", SHUTDOWN),
      async () => {
        await parent.ask.terminateChild("worker");
        assert.equal(await registry.whereis("middle/worker"), undefined);
        await parent.ask.restartChild("worker");
      },
      async () => void await system().kill(await registry.whereis("middle") as AnyRef),
    ];
    for (const [i, end] of ends.entries()) {
      assert.equal(await worker.ask.ping(), "worker");
      await end();
      await stage.until("the name's next owner", async () => {
        const owner = await registry.whereis("middle/worker");
        return stage.starts("worker") === i + 2 && owner?.id === stage.ref("worker").id;
      });
    }
    assert.equal(await worker.ask.ping(), "worker");
  });

  for (
    const reason of [NORMAL, SHUTDOWN, { kind: "error", error: new Error("the end") }] as const
  ) {
    it(`105 T14: the parent ends with ${reason.kind}: its supervisor ends with that, children first`, async (t) => {
      const stage = await Stage.open(t, system());
      const inner = supervisor({}, stage.members("a b"));
      const parent = actor(async (ctx) => {
        const ref: AnyRef = await ctx.spawn(inner, undefined, { link: true });
        return { inner: () => ref, end: () => ctx.stop(reason) };
      });
      const ref = await system().spawn(parent, undefined);
      const down = system().down(await ref.ask.inner());
      ref.tell.end();
      assert.equal((await down).reason.kind, reason.kind);
      assert.deepEqual(stage.take("gone"), ["gone b shutdown", "gone a shutdown"]);
    });
  }

  it("105 T14: a worker that traps exits ends with its parent's reason, normal included", async (t) => {
    const ends: string[] = [];
    const trapping = actor((ctx) => {
      ctx.trapExits(() => {});
      ctx.onTerminate((reason) => void ends.push(reason.kind));
      return { m: () => 1 };
    });
    const parent = actor(async (ctx) => {
      const ref: AnyRef = await ctx.spawn(trapping, undefined, { link: true });
      return { child: () => ref, end: () => ctx.stop(NORMAL) };
    });
    const ref = await system().spawn(parent, undefined);
    const worker = await ref.ask.child();
    t.after(() => system().kill(worker).then(() => {}));
    const down = system().down(ref);
    ref.tell.end();
    await down;
    await eventually("the worker to end", () => ends.length === 1, { timeoutMs: 200 });
    assert.deepEqual(ends, ["normal"]);
  });
});

describe("supervision on threads: dynamic supervisors (Elixir)", () => {
  const system = oneSystem();

  it("107 max_children: refused when there are that many, those that are being restarted included", async (t) => {
    const stage = await Stage.open(t, system());
    stage.part("b", (n) => ({ init: n === 1 ? "ok" : "throw" }));
    const top = await stage.dynamic({ ...PATIENT, maxChildren: 2 });
    for (const id of ["a", "b"]) await top.ask.startChild(stage.args(id));
    assert.equal((await rejection(top.ask.startChild(stage.args("c")))).code, "max_children");
    await stage.end("b");
    await stage.until("an attempt", () => stage.starts("b") > 1);
    assert.deepEqual(await stage.children(top), ["a.1", "restarting"]);
    assert.equal((await rejection(top.ask.startChild(stage.args("c")))).code, "max_children");
    await top.ask.terminateChild(stage.ref("a"));
    assert.ok(await top.ask.startChild(stage.args("c")) !== undefined);
  });

  it("107 child triggers maximum intensity when trying again", async (t) => {
    const stage = await Stage.open(t, system());
    const gaveUp = eventsOf(t, system(), "supervisor.gave_up");
    stage.part("a", (n) => ({ init: n === 1 ? "ok" : "throw" }));
    const top = await stage.dynamic({ intensity: 1 });
    await top.ask.startChild(stage.args("a"));
    const down = system().down(top);
    await stage.end("a");
    assert.deepEqual((await down).reason, SHUTDOWN);
    assert.deepEqual([stage.starts("a"), gaveUp.length], [2, 1]);
  });
});
