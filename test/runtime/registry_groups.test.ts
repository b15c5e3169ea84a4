import assert from "node:assert/strict";
import { test } from "node:test";
import type { ActorRef } from "../../src/actor.ts";
import { actor } from "../../src/actor.ts";
import type { RegistryEvent } from "../../src/actor.ts";
import { eventually } from "../support/eventually.ts";
import type { EchoProtocol } from "./support.ts";
import { spawnEcho, withSystem } from "./support.ts";

const ids = (refs: readonly { readonly id: string }[]): string[] => refs.map(({ id }) => id);

test("what is published reaches every member, in order, and members are listed in order of joining", async (t) => {
  const system = await withSystem(t);
  const { registry } = system;
  const refs = await Promise.all([
    spawnEcho(system),
    spawnEcho(system),
    spawnEcho(system, { placement: "local" }),
  ]);
  const joined = [refs[1], refs[0], refs[2]] as ActorRef<EchoProtocol>[];
  for (const ref of joined) await registry.join("readers", ref);
  assert.deepEqual(ids(await registry.members("readers")), ids(joined));
  for (let n = 0; n < 50; n++) void registry.publish("readers", "hold", [`${n}`]);
  assert.equal(await registry.publish("readers", "hold", ["last"]), 3);
  const expected = [...Array.from({ length: 50 }, (_, n) => `${n}`), "last"];
  for (const ref of refs) {
    await eventually("all of it", async () => {
      assert.deepEqual(await ref.ask.heard(), expected);
      return true;
    });
  }
});

test("a membership is one join: it ends by leaving as often, or with the member", async (t) => {
  const system = await withSystem(t);
  const { registry } = system;
  const [one, two] = await Promise.all([spawnEcho(system), spawnEcho(system)]);
  const first = await registry.join("g", one);
  const second = await registry.join("g", one);
  await registry.join("g", two);
  assert.deepEqual(ids(await registry.members("g")), ids([one, one, two]));
  assert.equal(await first.leave(), true);
  assert.equal(await first.leave(), false);
  assert.deepEqual(ids(await registry.members("g")), ids([one, two]));
  {
    await using membership = second;
    assert.equal(membership.group, "g");
  }
  assert.deepEqual(ids(await registry.members("g")), ids([two]));
  await system.kill(two);
  assert.deepEqual(await registry.members("g"), [], "gone before its death is seen");
  assert.equal(await second.leave(), false);
  await eventually(
    "the publisher to know",
    async () => await registry.publish("g", "hold", []) === 0,
  );
});

test("memberships, their order and publishing survive the registry, and a thread's death ends its own", async (t) => {
  const system = await withSystem(t);
  const { registry } = system;
  const refs = await Promise.all([0, 1, 2, 3].map(() => spawnEcho(system)));
  for (const ref of [...refs].reverse()) await registry.join("g", ref);
  const order = ids([...refs].reverse());
  assert.equal(await registry.publish("g", "hold", ["before"]), 4);
  for (let round = 0; round < 3; round++) {
    const crashing = system.crashRegistry();
    assert.equal(
      await registry.publish("g", "hold", [`during ${round}`]),
      4,
      "nobody waits for the registry",
    );
    await crashing;
    assert.deepEqual(ids(await registry.members("g")), order);
  }
  const [first] = refs;
  assert.ok(first !== undefined);
  system.terminate(first.node);
  await system.down(first);
  await system.crashRegistry();
  assert.deepEqual(ids(await registry.members("g")), order.slice(0, 3));
  await registry.join("g", refs[3] as ActorRef<EchoProtocol>);
  assert.deepEqual(ids(await registry.members("g")), [...order.slice(0, 3), refs[3]?.id]);
});

test("an actor publishes and hears like everybody, straight from its thread", async (t) => {
  const system = await withSystem(t);
  const publisher = await system.spawn(
    actor((ctx) => ({
      join: async () => void await ctx.registry.join("g", ctx.self),
      say: (text: string) => ctx.registry.publish("g", "hear", text),
      heard: (): string[] => heard,
      hear: (text: string) => void heard.push(text),
    })),
    undefined,
  );
  const heard: string[] = [];
  await publisher.ask.join();
  assert.equal(await publisher.ask.say("a"), 1, "a join that has settled here is known here");
  assert.deepEqual(await publisher.ask.heard(), ["a"]);
  await assert.rejects(system.registry.publish("g", "hear", () => {}), { code: "not_cloneable" });
});

test("names can be listed and watched by metadata", async (t) => {
  const system = await withSystem(t);
  const { registry } = system;
  const told: string[] = [];
  const follow = (event: RegistryEvent): void =>
    void told.push(event.type === "synced" ? "synced" : `${event.type} ${event.entry.name}`);
  await spawnEcho(system, { name: "m/1", meta: { role: "db", primary: true } });
  const watch = registry.watch({ meta: { role: "db" } }, follow);
  t.after(() => watch[Symbol.dispose]());
  const two = await spawnEcho(system, { name: "m/2", meta: { role: "db", primary: false } });
  await spawnEcho(system, { name: "m/3", meta: { role: "web", shard: 3 } });
  const list = async (query: Parameters<typeof registry.list>[0]): Promise<string[]> =>
    (await registry.list(query)).map(({ name }) => name);
  assert.deepEqual(await list({ meta: { role: "db" } }), ["m/1", "m/2"]);
  assert.deepEqual(await list({ meta: { role: "db", primary: true } }), ["m/1"]);
  assert.deepEqual(await list({ prefix: "m/", meta: { shard: 3 } }), ["m/3"]);
  await system.kill(two);
  await eventually("the death to be told", () => told.length >= 4);
  assert.deepEqual(told, ["registered m/1", "synced", "registered m/2", "unregistered m/2"]);
});
