import assert from "node:assert/strict";
import { test } from "node:test";
import type { ActorRef, ActorSystem, SupervisorProtocol } from "../../src/actor.ts";
import { child, supervisor } from "../../src/actor.ts";
import { eventually } from "../support/eventually.ts";
import type { EchoProtocol } from "./support.ts";
import { echoModule, spawnEcho, withSystem } from "./support.ts";

type Echo = ActorRef<EchoProtocol>;

/** Waits for another incarnation than `before` under `name`. */
function successor(system: ActorSystem, name: string, before: string): Promise<Echo> {
  return eventually(`a successor of ${before}`, async () => {
    const ref = await system.registry.whereis<EchoProtocol>(name);
    return ref !== undefined && ref.id !== before && ref;
  });
}

test("case 92: names of a tree are found again after kill_worker, exit_worker, restart_worker, kill_supervisor", async (t) => {
  const middle = supervisor({ intensity: 10, periodMs: 60_000 }, [
    child({
      id: "worker",
      start: echoModule,
      args: "w:",
      name: "tree.worker",
      placement: "thread",
    }),
  ]);
  const root = supervisor({ strategy: "one_for_one", intensity: 10, periodMs: 60_000 }, [
    child({ id: "middle", start: middle, name: "tree.middle" }),
  ]);
  const system = await withSystem(t, { root });
  const { registry } = system;
  const worker = (): Promise<Echo | undefined> => registry.whereis<EchoProtocol>("tree.worker");
  let now = await worker();
  assert.ok(now !== undefined);

  // kill_worker
  await system.kill(now);
  now = await successor(system, "tree.worker", now.id);

  // exit_worker
  await assert.rejects(now.ask.boom("exit"), { message: "exit" });
  now = await successor(system, "tree.worker", now.id);

  // restart_worker
  const parent = registry.via<SupervisorProtocol>("tree.middle");
  await parent.ask.terminateChild("worker");
  assert.equal(await worker(), undefined, "free as soon as it is terminated");
  await parent.ask.restartChild("worker");
  now = await successor(system, "tree.worker", now.id);

  // kill_supervisor
  const supervisorBefore = await registry.whereis("tree.middle");
  assert.ok(supervisorBefore !== undefined);
  await system.kill(supervisorBefore);
  const before = now.id;
  now = await successor(system, "tree.worker", before);
  assert.notEqual((await registry.whereis("tree.middle"))?.id, supervisorBefore.id);
  assert.equal(await registry.via<EchoProtocol>("tree.worker").ask.say("x"), "w:x");
});

test("case 94, V1: when its DOWN arrives a dead actor's name is free", async (t) => {
  const system = await withSystem(t, { threads: { pool: { size: 1 } } });
  for (const placement of ["local", "thread", { pool: "pool" }] as const) {
    for (let round = 0; round < 8; round++) {
      const name = "named_down";
      const ref = await spawnEcho(system, { name, placement });
      const down = system.down(ref).then(() => spawnEcho(system, { name, placement }));
      if (round % 2 === 0) void system.kill(ref);
      else await assert.rejects(ref.ask.boom("down"));
      // Refused if the old name were still there.
      await system.kill(await down);
    }
  }
});

test("case 106: a name is unique across threads, whoever asks first", async (t) => {
  const system = await withSystem(t);
  const refs = await Promise.all([0, 1, 2, 3].map(() => spawnEcho(system)));
  for (let round = 0; round < 5; round++) {
    const name = `unique/${round}`;
    const results = await Promise.allSettled(
      refs.map((ref) => system.registry.register(name, ref)),
    );
    const owner = await system.registry.whereis(name);
    const winners = results.flatMap(({ status }, i) => status === "fulfilled" ? [refs[i]?.id] : []);
    assert.deepEqual(winners, [owner?.id]);
    for (const result of results) {
      if (result.status === "rejected") assert.equal(result.reason.owner, owner?.id);
    }
  }
});

test("case 106: a crash cleans up every name of the actor, and listeners are told once each, with the reason", async (t) => {
  const system = await withSystem(t);
  const ref = await spawnEcho(system, { name: "many/0" });
  await system.registry.register("many/1", ref);
  await system.registry.register("many/2", ref, { meta: { n: 2 } });
  const told: string[] = [];
  const listen = (): Disposable =>
    system.registry.watch({ prefix: "many/" }, (event) => {
      if (event.type === "unregistered") told.push(event.entry.name);
    });
  const listeners = [listen(), listen()];
  t.after(() => listeners.forEach((listener) => listener[Symbol.dispose]()));
  await system.registry.unregister("many/1", ref);
  await system.kill(ref);
  assert.deepEqual(await system.registry.list(), []);
  await eventually("both to be told", () => told.length === 6);
  assert.deepEqual(told.slice(0, 2), ["many/1", "many/1"]);
  assert.deepEqual(told.toSorted(), ["many/0", "many/0", "many/1", "many/1", "many/2", "many/2"]);
});

test("case 106: a ref by name follows the name over crashes of its owner and of the registry", async (t) => {
  const system = await withSystem(t);
  const via = system.registry.via<EchoProtocol>("via");
  for (let round = 0; round < 6; round++) {
    const ref = await spawnEcho(system, { name: "via", prefix: `${round}:` });
    assert.equal(await via.ask.say("x"), `${round}:x`);
    if (round % 2 === 1) await system.crashRegistry();
    assert.equal(await via.ask.say("y"), `${round}:y`);
    await system.kill(ref);
    await assert.rejects(via.ask.say("z"), { code: "noproc" });
  }
});

test("a ref by name never reaches who had the name before", async (t) => {
  const system = await withSystem(t);
  const [one, two] = await Promise.all([
    spawnEcho(system, { prefix: "1:" }),
    spawnEcho(system, { prefix: "2:" }),
  ]);
  const { registry } = system;
  const via = registry.via<EchoProtocol>("moves");
  await registry.register("moves", one);
  for (let round = 0; round < 100; round++) {
    const [from, to] = round % 2 === 0 ? [one, two] : [two, one];
    // An ask on its way while the name moves may reach either; one that begins afterwards only the new one.
    const during = via.ask.say("").then(() => "answered", (error) => error.code);
    await registry.unregister("moves", from);
    await registry.register("moves", to);
    const after = await via.ask.say("");
    assert.equal(after, round % 2 === 0 ? "2:" : "1:");
    assert.ok(["answered", "noproc"].includes(await during));
  }
});
