import assert from "node:assert/strict";
import { test } from "node:test";
import type { NodeId, RegistryEvent } from "../../src/actor.ts";
import type { ActorSystem } from "../../src/actor.ts";
import { REGISTRY_NAME } from "../../src/registry/mod.ts";
import { eventually } from "../support/eventually.ts";
import { spawnEcho, withSystem } from "./support.ts";

async function registryNode(system: ActorSystem): Promise<NodeId | undefined> {
  const { nodes } = await system.inspect();
  return nodes.find(({ actors }) => actors.some(({ name }) => name === REGISTRY_NAME))?.node;
}

test("a name belongs to one actor; a second spawn under it is refused and its init does not run", async (t) => {
  const system = await withSystem(t);
  const first = await spawnEcho(system, { name: "only" });
  await assert.rejects(spawnEcho(system, { name: "only" }), (error: Error & { owner?: string }) => {
    assert.equal(error.owner, first.id);
    return true;
  });
  assert.equal((await system.registry.whereis("only"))?.id, first.id);
});

test("names can be listed by prefix, with their metadata, in order", async (t) => {
  const system = await withSystem(t);
  await spawnEcho(system, { name: "b/2", meta: { role: "second" } });
  await spawnEcho(system, { name: "b/1" });
  await spawnEcho(system, { name: "c" });
  const listed = await system.registry.list({ prefix: "b/" });
  assert.deepEqual(listed.map(({ name, meta }) => [name, meta]), [
    ["b/1", {}],
    ["b/2", { role: "second" }],
  ]);
});

test("raise only ever moves a name to a higher rank, even after its owner died", async (t) => {
  const system = await withSystem(t);
  const [one, two] = await Promise.all([spawnEcho(system), spawnEcho(system)]);
  const rank = async (ref: typeof one, n: number) =>
    (await system.registry.raise("top", ref, n)).ref.id;
  assert.equal(await rank(one, 5), one.id);
  assert.equal(await rank(two, 4), one.id);
  assert.equal(await rank(two, 6), two.id);
  await system.kill(two);
  await rank(one, 3);
  assert.equal(await system.registry.whereis("top"), undefined);
  assert.equal(await rank(one, 7), one.id);
});

test("unregistering with a ref is compare-and-delete", async (t) => {
  const system = await withSystem(t);
  const [one, two] = await Promise.all([spawnEcho(system), spawnEcho(system)]);
  await system.registry.register("name", one, { meta: { n: 1 } });
  assert.equal(await system.registry.unregister("name", two), false);
  assert.equal(await system.registry.unregister("name", one), true);
  assert.equal(await system.registry.whereis("name"), undefined);
});

test("a ref by name reaches whoever has the name now", async (t) => {
  const system = await withSystem(t);
  const via = system.registry.via<{ say(text: string): string }>("speaker");
  await assert.rejects(via.ask.say("anyone?"), { code: "noproc" });
  const first = await spawnEcho(system, { name: "speaker", prefix: "1:" });
  assert.equal(await via.ask.say("x"), "1:x");
  await system.kill(first);
  await spawnEcho(system, { name: "speaker", prefix: "2:" });
  assert.equal(await via.ask.say("x"), "2:x");
});

test("a watcher is told what there is, then synced, then every change in order", async (t) => {
  const system = await withSystem(t);
  const events: string[] = [];
  const note = (event: RegistryEvent): void =>
    void events.push(event.type === "synced" ? "synced" : `${event.type} ${event.entry.name}`);
  const first = await spawnEcho(system, { name: "w/1" });
  const watch = system.registry.watch({ prefix: "w/" }, note);
  await eventually("synced", () => events.includes("synced"));
  await spawnEcho(system, { name: "w/2" });
  await system.kill(first);
  await eventually("the death", () => events.length === 4);
  assert.deepEqual(events, ["registered w/1", "synced", "registered w/2", "unregistered w/1"]);
  watch[Symbol.dispose]();
  await spawnEcho(system, { name: "w/3" });
  assert.equal(events.length, 4);
});

test("waitFor gives the actor as soon as the name is there, and gives up on its signal and its timeout", async (t) => {
  const system = await withSystem(t);
  const waiting = system.registry.waitFor<{ say(text: string): string }>("late");
  const ref = await spawnEcho(system, { name: "late" });
  assert.equal((await waiting).id, ref.id);
  await assert.rejects(system.registry.waitFor("never", { timeout: 20 }), { code: "timeout" });
  await assert.rejects(
    system.registry.waitFor("never", { signal: AbortSignal.abort() }),
    { code: "aborted" },
  );
});

test("the registry's death costs no living actor its name, and watchers see no change", async (t) => {
  const system = await withSystem(t);
  const refs = await Promise.all(["n/1", "n/2", "n/3"].map((name) => spawnEcho(system, { name })));
  const events: string[] = [];
  system.registry.watch({ prefix: "n/" }, (event) => {
    events.push(event.type === "synced" ? "synced" : `${event.type} ${event.entry.name}`);
  });
  await eventually("synced", () => events.at(-1) === "synced");
  for (let round = 0; round < 3; round++) {
    const node = await registryNode(system);
    assert.ok(node !== undefined && system.terminate(node));
    // Asked while there is none: it waits for the next one.
    const listed = await system.registry.list({ prefix: "n/" });
    assert.deepEqual(listed.map(({ ref }) => ref.id), refs.map(({ id }) => id));
  }
  const [first] = refs;
  assert.ok(first !== undefined);
  await system.kill(first);
  await eventually("the one real change", () => events.length === 5);
  assert.deepEqual(events.slice(4), ["unregistered n/1"]);
});
