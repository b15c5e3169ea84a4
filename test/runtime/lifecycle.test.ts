import assert from "node:assert/strict";
import { test } from "node:test";
import type { ActorRef, ExitReason, SystemEvent } from "../../src/actor.ts";
import { actor, createSystem, fromModule, ignore } from "../../src/actor.ts";
import { eventually } from "../support/eventually.ts";
import type parent from "./fixtures/parent.ts";
import { echoModule, fixture, spawnEcho, withSystem } from "./support.ts";

test("an actor in this thread and one in its own answer alike, and share no memory", async (t) => {
  const system = await withSystem(t);
  const holder = actor(() => {
    const kept: { n: number }[] = [];
    return { keep: (value: { n: number }) => void kept.push(value), kept: () => kept };
  });
  const local = await system.spawn(holder, undefined);
  const value = { n: 1 };
  await local.ask.keep(value);
  value.n = 2;
  const kept = await local.ask.kept();
  assert.deepEqual(kept, [{ n: 1 }]);
});

test("a module that is missing, throws at import or exports no actor fails the spawn with its cause, and leaves no thread", async (t) => {
  const system = await withSystem(t);
  const before = (await system.inspect()).nodes.length;
  const bad: Record<string, RegExp> = {
    "missing.ts": /missing/,
    "throws_at_import.ts": /does not load/,
  };
  for (const [name, message] of Object.entries(bad)) {
    const spawned = system.spawn(fromModule(fixture(name)), undefined as never, {
      placement: "thread",
    });
    await assert.rejects(spawned, (error: Error & { code?: string }) => {
      assert.equal(error.code, "start_failed");
      assert.match(error.message, message);
      return true;
    });
  }
  const noActor = fromModule(fixture("echo.ts"), "notADefinition");
  await assert.rejects(
    system.spawn(noActor, undefined as never, { placement: "thread" }),
    /exports no actor definition as "notADefinition"; it exports .*default/,
  );
  await eventually(
    "the threads to be gone",
    async () => (await system.inspect()).nodes.length === before,
  );
});

test("an init that throws, says ignore, or takes too long fails the spawn and frees the name", async (t) => {
  const system = await withSystem(t);
  const throws = actor((): { m(): void } => {
    throw new RangeError("cannot begin");
  });
  const slow = actor(() => new Promise<{ m(): void }>(() => {}));
  const nothing = actor((): { m(): void } | typeof ignore => ignore);
  const name = "unlucky";
  await assert.rejects(system.spawn(throws, undefined, { name }), (error: Error) => {
    assert.match(error.message, /unlucky did not start: cannot begin/);
    assert.ok(error.cause instanceof RangeError);
    return true;
  });
  await assert.rejects(system.spawn(slow, undefined, { name, startTimeout: 30 }), /within 30 ms/);
  await assert.rejects(system.spawn(nothing as never, undefined, { name }), { code: "ignored" });
  assert.deepEqual(await system.registry.list(), []);
});

test("a definition made in code cannot be put in another thread, and the error says so", async (t) => {
  const system = await withSystem(t);
  const local = actor(() => ({ m: () => 1 }));
  await assert.rejects(system.spawn(local, undefined, { placement: "thread" }), /fromModule/);
});

test("an actor with a thread of its own outlives the children it has there", async (t) => {
  const system = await withSystem(t);
  const ref = await system.spawn(
    fromModule<typeof parent>(fixture("parent.ts")),
    undefined,
    { placement: "thread" },
  );
  assert.equal(await ref.ask.child("stop"), "shutdown");
  assert.equal(await ref.ask.child("kill"), "killed");
  assert.equal(await ref.ask.child("stop"), "shutdown");
});

test("a monitor tells each watcher once, with the reason, after everything that was sent before", async (t) => {
  const system = await withSystem(t);
  const target = await spawnEcho(system);
  const log: string[] = [];
  const watcher = actor((ctx, watched: ActorRef<{ say(text: string): string }>) => {
    ctx.monitor(watched, ({ reason }) => void log.push(`down ${reason.kind}`));
    ctx.monitor(watched, () => void log.push("down twice"));
    const off = ctx.monitor(watched, () => void log.push("must not be told"));
    off[Symbol.dispose]();
    return { say: (text: string) => (log.push(text), text) };
  });
  const watching = await system.spawn(watcher, target as never);
  await target.ask.askOther(watching, "some words");
  target.tell.askOther(watching, "last words");
  target.tell.boom("and then the end");
  await eventually("both monitors", () => log.length === 4);
  assert.deepEqual(log, ["some words", "last words", "down error", "down twice"]);
});

test("a monitor on an actor that is gone tells noproc at once", async (t) => {
  const system = await withSystem(t);
  const target = await spawnEcho(system);
  await system.kill(target);
  assert.deepEqual((await system.down(target)).reason, { kind: "noproc" });
});

test("a name is free before anybody sees its owner's death", async (t) => {
  const system = await withSystem(t);
  for (const end of ["kill", "stop", "terminate"] as const) {
    const owner = await spawnEcho(system, { name: "crown" });
    const down = system.down(owner);
    if (end === "terminate") system.terminate(owner.node);
    else void system[end](owner);
    await down;
    assert.equal(await system.registry.whereis("crown"), undefined, end);
  }
});

test("stopping runs what onTerminate was given, killing does not", async (t) => {
  const system = await withSystem(t);
  const told: ExitReason[] = [];
  const careful = actor((ctx) => {
    ctx.onTerminate((reason) => void told.push(reason));
    return { m: () => 1 };
  });
  const stopped = await system.spawn(careful, undefined);
  assert.deepEqual(await system.stop(stopped, { reason: { kind: "normal" } }), { kind: "normal" });
  assert.deepEqual(told, [{ kind: "normal" }]);
  const killed = await system.spawn(careful, undefined);
  assert.deepEqual(await system.kill(killed), { kind: "killed" });
  assert.equal(told.length, 1);
});

test("an actor that does not stop in time is killed", async (t) => {
  const system = await withSystem(t);
  const stubborn = await spawnEcho(system);
  stubborn.tell.spin();
  // In a batch of its own, so that it spins already when it is asked to stop.
  await new Promise((resolve) => setImmediate(resolve));
  assert.deepEqual(await system.stop(stubborn, { timeout: 50 }), { kind: "killed" });
});

test("linked actors end together, unless one traps exits", async (t) => {
  const system = await withSystem(t);
  const crash = (): never => {
    throw new Error("one falls");
  };
  const partner = actor((ctx, trapping: boolean) => {
    const exits: string[] = [];
    if (trapping) ctx.trapExits(({ reason }) => void exits.push(reason.kind));
    return {
      link: (ref: ActorRef<{ crash(): never }>) => ctx.link(ref),
      exits: () => exits,
      crash,
    };
  });
  const victim = await system.spawn(partner, false);
  const bound = await system.spawn(partner, false);
  const trapping = await system.spawn(partner, true);
  await bound.ask.link(victim as never);
  await trapping.ask.link(victim as never);
  const bothDown = Promise.all([system.down(victim), system.down(bound)]);
  victim.tell.crash();
  const [first, second] = await bothDown;
  assert.equal(first.reason.kind, "error");
  assert.equal(second.reason.kind, "error");
  await eventually("the trapped exit", async () => (await trapping.ask.exits()).length === 1);
});

test("timers run in the actor's turn and end with it", async (t) => {
  const system = await withSystem(t);
  const log: string[] = [];
  const ticking = actor((ctx) => {
    ctx.after(5, () => void log.push("tick"));
    ctx.after(10_000, () => void log.push("must not tick"));
    const off = ctx.after(1, () => void log.push("must not tick"));
    off[Symbol.dispose]();
    return { m: () => 1 };
  });
  const ref = await system.spawn(ticking, undefined);
  await eventually("the tick", () => log.length === 1);
  await system.stop(ref);
  assert.deepEqual(log, ["tick"]);
});

test("a full mailbox refuses asks, drops tells as dead letters, and lets the system through", async (t) => {
  const system = await withSystem(t);
  const dead: SystemEvent[] = [];
  system.on("deadletter", (event) => dead.push(event));
  const target = await spawnEcho(system, { mailbox: { capacity: 2 } });
  const busy = target.ask.later("busy", 400);
  await eventually("it is busy", async () => {
    const { nodes } = await system.inspect();
    return nodes.some(({ actors }) => actors.some((info) => info.current?.method === "later"));
  });
  target.tell.hold(["1"]);
  target.tell.hold(["2"]);
  target.tell.hold(["too many"]);
  await assert.rejects(target.ask.say("x"), { code: "mailbox_full", delivered: "no" });
  await busy;
  assert.deepEqual(await target.ask.heard(), ["1", "2"]);
  assert.deepEqual(dead.map(({ data }) => [data["method"], data["why"]]), [["hold", "full"]]);
});

test("links lead straight from thread to thread", async (t) => {
  const system = await withSystem(t);
  const [a, b] = await Promise.all([spawnEcho(system), spawnEcho(system, { prefix: "b:" })]);
  const links = async (): Promise<number | undefined> =>
    (await system.inspect()).nodes.find(({ node }) => node === a.node)?.links;
  const before = await links();
  assert.equal(await a.ask.askOther(b, "x"), "b:x");
  assert.equal(await links(), (before ?? 0) + 1);
  await system.kill(b);
  await eventually("the link to go with its thread", async () => await links() === before);
});

test("a pool's threads host several actors; one that dies takes them along as nodedown", async (t) => {
  const system = await withSystem(t, { threads: { crew: { size: 1 } } });
  const placement = { pool: "crew" };
  const [a, b] = await Promise.all([
    spawnEcho(system, { placement }),
    spawnEcho(system, { placement }),
  ]);
  assert.equal(a.node, b.node);
  const downs = Promise.all([system.down(a), system.down(b)]);
  system.terminate(a.node);
  assert.deepEqual((await downs).map(({ reason }) => reason.kind), ["nodedown", "nodedown"]);
  const next = await spawnEcho(system, { placement });
  assert.notEqual(next.node, a.node);
  await assert.rejects(
    spawnEcho(system, { placement: { pool: "nobody" } }),
    /placement\.pool is "nobody"/,
  );
});

test("shutting down settles what waits, ends all threads, and may be asked twice", async () => {
  const system = await createSystem();
  const target = await spawnEcho(system);
  const asked = assert.rejects(target.ask.never(), { code: "noproc" });
  await Promise.all([system.shutdown(), system.shutdown()]);
  await asked;
  await assert.rejects(target.ask.say("x"));
  await assert.rejects(system.spawn(echoModule, "", { placement: "thread" }));
});
