import assert from "node:assert/strict";
import { stat } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import type { ActorSystem, AnyRef, SystemEvent } from "../../src/actor.ts";
import { child, createSystem, RUNTIME, supervisor, UnresponsiveError } from "../../src/actor.ts";
import { firstHistory, suspectAfter } from "../../src/runtime/threads/phi.ts";
import { eventually } from "../support/eventually.ts";
import { tempDir } from "../support/temp_dir.ts";
import { hogModule, nextEvent, spawnEcho, spawnHog, withSystem } from "./support.ts";

/** Sooner than the defaults, so that the tests are. */
const LIVELY = { intervalMs: 50, acceptablePauseMs: 300 };
/** Milliseconds that a loaded machine may add to any of the times below. */
const SLACK = 2_000;

/** Asks for the thread's time in a message of its own, so that it is spinning before the next one is sent. */
async function spinning(spin: () => void): Promise<void> {
  spin();
  await new Promise((resolve) => setImmediate(resolve));
}

function on(node: string): (event: SystemEvent) => boolean {
  return (event) => event.node === node;
}

test("case 110: a thread that spins is noticed within the computed time, shown, and told to be back", async (t) => {
  const system = await withSystem(t);
  const hog = await spawnHog(system, { name: "hog" });
  const [unresponsive, responsive] = [
    nextEvent(system, "node.unresponsive", on(hog.node)),
    nextEvent(system, "node.responsive", on(hog.node)),
  ];
  await hog.ask.say("it is up");
  const begun = system.now();
  await spinning(() => hog.tell.spin(3_500));
  const { at, actor, name, data } = await unresponsive;
  const expected = suspectAfter(firstHistory(250), { threshold: 8, acceptablePauseMs: 1_000 });
  assert.ok(at - begun > 1_000 && at - begun < expected + SLACK, `after ${at - begun} ms`);
  assert.deepEqual([actor, name, data["method"]], [hog.id, "hog", "spin"]);
  assert.ok((data["phi"] as number) >= 8);
  assert.ok((data["sinceMs"] as number) > 1_000);

  const lookedAt = performance.now();
  const { threads, tree, nodes } = await system.inspect();
  assert.ok(performance.now() - lookedAt < 900, "inspecting does not wait for what hangs");
  const thread = threads.find(({ node }) => node === hog.node);
  assert.equal(thread?.state, "unresponsive");
  assert.ok(thread.phi >= 8 && thread.silentMs > 1_000 && thread.heapUsed > 0);
  assert.equal(thread.current?.method, "spin");
  assert.ok(thread.current.sinceMs > 1_000);
  const shown = tree.find(({ id }) => id === hog.id);
  assert.deepEqual([shown?.name, shown?.state, shown?.stale], ["hog", "busy", true]);
  assert.equal(shown?.current?.method, "spin");
  assert.ok(!nodes.some(({ node }) => node === hog.node));

  assert.ok(((await responsive).data["silentMs"] as number) > 1_000);
  assert.equal(await hog.ask.say("back"), "back");
  assert.equal((await stateOf(system, hog))?.state, "running");
});

async function stateOf(system: ActorSystem, ref: AnyRef) {
  return (await system.inspect()).threads.find(({ node }) => node === ref.node);
}

test("case 110: where its spec says so, a thread that hangs is killed and restarted by its supervisor", async (t) => {
  const system = await withSystem(t, { liveness: LIVELY });
  const app = await system.spawn(
    supervisor({ intensity: 3 }, [
      child({
        id: "hog",
        start: hogModule,
        args: {},
        name: "hog",
        placement: "thread",
        killUnresponsive: true,
      }),
    ]),
    undefined,
  );
  const childRef = async () => {
    const ref = (await app.ask.whichChildren())[0]?.ref;
    return typeof ref === "object" ? ref.as<{ say(text: string): string }>() : undefined;
  };
  const before = await childRef();
  assert.ok(before !== undefined);
  const hog = before.as<{ spin(ms: number): void; say(text: string): string }>();
  const [down, restart] = [system.down(hog), nextEvent(system, "supervisor.restart")];
  const begun = system.now();
  await spinning(() => hog.tell.spin(2_500));
  const waiting = assert.rejects(hog.ask.say("anyone?"), { code: "noproc" });
  const { reason } = await down;
  const expected = suspectAfter(firstHistory(50), { threshold: 8, acceptablePauseMs: 300 });
  assert.ok(system.now() - begun < expected + SLACK);
  assert.equal(reason.kind, "nodedown");
  assert.ok(reason.kind === "nodedown" && reason.cause instanceof UnresponsiveError);
  assert.equal(reason.cause.code, "unresponsive");
  assert.equal(reason.cause.method, "spin");
  assert.ok(reason.cause.silentMs > 300);
  assert.match(reason.cause.message, /gave no sign of life for \d+ ms, in "spin" of t\d+\/1/);
  await waiting;
  await restart;
  const after = await eventually("the next incarnation", async () => {
    const ref = await childRef();
    return ref !== undefined && ref.id !== hog.id && ref;
  });
  assert.equal(await after.ask.say("new"), "new");
});

test("with kill for the whole system, every thread that hangs is ended, also one that spins after an await or in a timer", async (t) => {
  const liveness = { ...LIVELY, acceptablePauseMs: 500, kill: true };
  const system = await withSystem(t, { liveness });
  for (const method of ["spinLater", "spinInTimer"] as const) {
    const hog = await spawnHog(system);
    const down = system.down(hog);
    hog.tell[method](2_500);
    const { reason } = await down;
    assert.ok(reason.kind === "nodedown" && reason.cause instanceof UnresponsiveError, method);
    const held = method === "spinInTimer" ? "callback" : method;
    assert.equal(reason.cause.method, held);
  }
});

test("a thread that hangs in init is ended at once where it may be, and the spawn says why", async (t) => {
  const system = await withSystem(t, { liveness: LIVELY });
  const spawned = system.spawn(hogModule, { init: "spin", ms: 2_500 }, {
    placement: "thread",
    killUnresponsive: true,
  });
  await assert.rejects(spawned, (error: Error & { code?: string }) => {
    assert.equal(error.code, "start_failed");
    assert.ok(error.cause instanceof UnresponsiveError, String(error.cause));
    assert.equal(error.cause.method, "init");
    return true;
  });
});

test("a thread that hangs is left alone where nobody asks for its end", async (t) => {
  const system = await withSystem(t, { liveness: LIVELY });
  const hog = await spawnHog(system);
  const back = nextEvent(system, "node.responsive", on(hog.node));
  await spinning(() => hog.tell.spin(1_200));
  await back;
  assert.equal(await hog.ask.say("alive"), "alive");
});

test("a thread that is only busy with short work is not suspected, though its queue lasts for long", async (t) => {
  const system = await withSystem(t, {
    liveness: { ...LIVELY, acceptablePauseMs: 600, kill: true },
  });
  const events: SystemEvent[] = [];
  system.on("node.unresponsive", (event) => events.push(event));
  const hog = await spawnHog(system);
  // In one batch: the thread's event loop does not come round before all are done.
  for (let n = 0; n < 60; n++) hog.tell.work(30);
  assert.equal(await hog.with({ timeout: 20_000 }).ask.say("done"), "done");
  assert.deepEqual(events, []);
});

test("one actor of a pool that asks for it ends the thread, with its neighbours", async (t) => {
  const system = await withSystem(t, { liveness: LIVELY, threads: { crew: { size: 1 } } });
  const placement = { pool: "crew" };
  const [hog, neighbour] = await Promise.all([
    spawnHog(system, { placement, killUnresponsive: true }),
    spawnEcho(system, { placement }),
  ]);
  const downs = Promise.all([system.down(hog), system.down(neighbour)]);
  await spinning(() => hog.tell.spin(2_000));
  for (const { reason } of await downs) {
    assert.ok(reason.kind === "nodedown" && reason.cause instanceof UnresponsiveError);
  }
  const next = await spawnEcho(system, { placement });
  assert.equal(await next.ask.say("x"), "x");
});

test("a pool prefers threads that do not hang; one that hangs is ended for whoever asks", async (t) => {
  const system = await withSystem(t, { liveness: LIVELY, threads: { crew: { size: 2 } } });
  const placement = { pool: "crew" };
  const hog = await spawnHog(system, { placement });
  const other = await spawnHog(system, { placement });
  assert.notEqual(hog.node, other.node);
  const noticed = [hog, other].map((ref) => nextEvent(system, "node.unresponsive", on(ref.node)));
  await spinning(() => hog.tell.spin(4_000));
  await noticed[0];
  const placed = await Promise.all([
    spawnEcho(system, { placement }),
    spawnEcho(system, { placement }),
  ]);
  assert.deepEqual(placed.map(({ node }) => node), [other.node, other.node]);
  await spinning(() => other.tell.spin(4_000));
  await noticed[1];
  const down = Promise.race([system.down(hog), system.down(other)]);
  const saved = await spawnHog(system, { placement, killUnresponsive: true });
  assert.equal(await saved.ask.say("x"), "x");
  assert.equal((await down).reason.kind, "nodedown");
});

test("killUnresponsive is refused where there is no thread to end", async (t) => {
  const system = await withSystem(t);
  await assert.rejects(
    spawnHog(system, { placement: "local", killUnresponsive: true }),
    /killUnresponsive is true, expected false where placement is "local"/,
  );
  await assert.rejects(
    spawnHog(system, { killUnresponsive: "yes" as never }),
    /killUnresponsive is "yes"/,
  );
  assert.throws(
    () => child({ id: "h", start: hogModule, args: {}, killUnresponsive: true }),
    /killUnresponsive of child "h"/,
  );
});

/** What a thread has to end in; timers may be early by a millisecond. */
const MORGUE_MS = 3_000 - 1;

test("a thread that does not end is a zombie: told, shown, counted and limited, until it is gone", async (t) => {
  const system = await withSystem(t, { maxZombies: 1 });
  const hog = await spawnHog(system);
  const [stuck, gone] = [
    nextEvent(system, "thread.stuck", on(hog.node)),
    nextEvent(system, "thread.gone", on(hog.node)),
  ];
  await hog.ask.say("it is up");
  hog.tell.block(6_000);
  await eventually(
    "it to be blocked",
    async () => (await stateOf(system, hog))?.current?.method === "block",
  );
  const begun = system.now();
  assert.deepEqual(await system.kill(hog), { kind: "killed" });
  assert.ok(system.now() - begun < SLACK, "DOWN does not wait for the thread");
  assert.ok(((await stuck).data["sinceMs"] as number) >= MORGUE_MS);
  const { zombies, threads, tree } = await system.inspect();
  assert.equal(zombies, 1);
  const zombie = threads.find(({ node }) => node === hog.node);
  assert.deepEqual([zombie?.state, zombie?.current?.method], ["zombie", "block"]);
  assert.ok(!tree.some(({ id }) => id === hog.id));
  await assert.rejects(spawnEcho(system), (error: Error & { code?: string }) => {
    assert.equal(error.code, "too_many_zombies");
    assert.match(error.message, /1 threads? .*\(t\d+\), maxZombies is 1/);
    return true;
  });
  assert.ok(((await gone).data["afterMs"] as number) >= MORGUE_MS);
  assert.equal((await system.inspect()).zombies, 0);
  assert.equal(await (await spawnEcho(system)).ask.say("again"), "again");
});

test("what was declared dead writes no more, and ends, though its loop never comes back to the event loop", async () => {
  await using folder = await tempDir();
  await using system = await createSystem();
  const stuck: SystemEvent[] = [];
  system.on("thread.stuck", (event) => stuck.push(event));
  const path = join(folder.path, "written");
  const written = async () => (await stat(path)).size;
  const hog = await spawnHog(system);
  hog.tell.writeForEver(path);
  await eventually("it to write", async () => await written() > 0);
  await system.kill(hog);
  let last = -1;
  await eventually("the file to stay as it is", async () => {
    const size = await written();
    const still = size === last;
    last = size;
    return still;
  }, { intervalMs: 100 });
  await system.shutdown();
  assert.deepEqual(stuck, []);
});

test("shutting down does not hang on a thread that does", async () => {
  const system = await createSystem();
  const stuck: SystemEvent[] = [];
  system.on("thread.stuck", (event) => stuck.push(event));
  const hog = await spawnHog(system);
  hog.tell.spin(20_000);
  // Deno stops a thread that has not begun to spin.
  await eventually(
    "it to spin",
    async () => (await stateOf(system, hog))?.current?.method === "spin",
  );
  const begun = performance.now();
  await system.shutdown();
  assert.ok(performance.now() - begun < 3_000 + SLACK);
  // Node ends the loop, Deno only says that it did.
  assert.deepEqual(stuck.map(({ node }) => node), RUNTIME === "node" ? [] : [hog.node]);
});
