import assert from "node:assert/strict";
import { test } from "node:test";
import type { NodeId, RegistryEvent } from "../../src/actor.ts";
import { actor, fromModule } from "../../src/actor.ts";
import { REGISTRY_NAME } from "../../src/registry/mod.ts";
import { eventually } from "../support/eventually.ts";
import type town from "./fixtures/registry_town.ts";
import type { Hold, TownReport } from "./fixtures/registry_town.ts";
import { fixture, nextEvent, spawnHog, withSystem } from "./support.ts";

const townModule: typeof town = fromModule<typeof town>(fixture("registry_town.ts"));
const SHARED = ["st/shared/1", "st/shared/2", "st/shared/3", "st/shared/4"];
const GROUP = "everybody";
const LIFE_MS = 5_000;
/** Fewer than the runtime tolerates in a minute. */
const CRASHES = 12;
/** By how much the clocks of two threads may be apart. */
const CLOCK_SLACK_MS = 2;

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Two actors that had one name at the same time. */
function clashes(holds: readonly Hold[]): string[] {
  const byName = new Map<string, Hold[]>();
  for (const hold of holds) {
    byName.set(hold.name, [...byName.get(hold.name) ?? [], hold]);
  }
  return [...byName].flatMap(([name, all]) => {
    const inTime = all.toSorted((a, b) => a.from - b.from);
    return inTime.slice(1).flatMap((hold, i) => {
      const before = inTime[i] as Hold;
      return hold.id !== before.id && hold.from + CLOCK_SLACK_MS < before.to
        ? [`${name}: ${before.id} until ${before.to}, ${hold.id} from ${hold.from}`]
        : [];
    });
  });
}

test("under load and over many crashes the registry loses no name of the living, and gives none twice", async (t) => {
  const system = await withSystem(t, { threads: { land: { size: 4 } } });
  const placement = { pool: "land" };
  const towns = await Promise.all(
    ["a", "b", "c"].map((label) => system.spawn(townModule, label, { placement })),
  );
  const doomed = await system.spawn(townModule, "doomed", { placement });
  assert.equal(new Set([doomed, ...towns].map(({ node }) => node)).size, 4);

  // Somebody who only listens must never see a name twice, and know the truth in the end.
  const seen = new Map<string, string>();
  const twice: string[] = [];
  const follow = (event: RegistryEvent): void => {
    if (event.type === "synced") return;
    const { name, ref } = event.entry;
    if (event.type === "registered") {
      if (seen.has(name)) twice.push(name);
      seen.set(name, ref.id);
    } else if (!seen.delete(name)) twice.push(`${name} (gone)`);
  };
  const watch = system.registry.watch({ prefix: "st/" }, follow);
  t.after(() => watch[Symbol.dispose]());

  const until = system.now() + LIFE_MS;
  const living = towns.map((town) =>
    town.with({ timeout: Infinity }).ask.live(until, SHARED, GROUP)
  );
  void doomed.with({ timeout: Infinity }).ask.live(until, SHARED, GROUP).catch(() => {});

  for (let crash = 0; crash < CRASHES && system.now() < until; crash++) {
    await pause(LIFE_MS / CRASHES / 2);
    if (crash === CRASHES >> 1) system.terminate(doomed.node);
    // Every other time it dies again as soon as it answers.
    await system.crashRegistry();
    if (crash % 2 === 1) await system.crashRegistry();
  }
  await Promise.all(living);

  const reports: TownReport[] = await Promise.all(towns.map((town) => town.ask.report()));
  assert.deepEqual(reports.flatMap(({ faults }) => faults), []);
  assert.deepEqual(clashes(reports.flatMap(({ holds }) => holds)), []);
  const believed = new Map(reports.flatMap(({ names }) => names));
  const count = reports.reduce((sum, { names }) => sum + names.length, 0);
  assert.equal(believed.size, count, "no two actors believe in the same name");
  const listed = async (): Promise<Map<string, string>> => {
    const entries = await system.registry.list({ prefix: "st/" });
    return new Map(entries.map(({ name, ref }) => [name, ref.id]));
  };
  await eventually("the names of the dead thread to be gone", async () => {
    assert.deepEqual(await listed(), new Map([...believed].sort(([a], [b]) => a < b ? -1 : 1)));
    return true;
  });
  await eventually("the watcher to know", () => {
    assert.deepEqual([...seen].sort(), [...believed].sort());
    return true;
  });
  assert.deepEqual(twice, []);

  const members = (await system.registry.members(GROUP)).map(({ id }) => id);
  assert.deepEqual(members.toSorted(), reports.flatMap((report) => report.members).sort());
  assert.equal(await system.registry.publish(GROUP, "hear"), members.length);

  const deeds = reports.flatMap(({ done }) => Object.values(done)).reduce((a, b) => a + b, 0);
  assert.ok(deeds > 200, `there was load: ${deeds} deeds`);
});

test("names registered, dropped and raised through other threads survive the registry as they stand", async (t) => {
  const system = await withSystem(t);
  const [one, two] = await Promise.all(
    ["x", "y"].map((label) => system.spawn(townModule, label, { placement: "thread" })),
  );
  assert.ok(one !== undefined && two !== undefined);
  const { registry } = system;
  await registry.register("kept", one, { meta: { n: 1 } });
  await registry.register("dropped", one);
  assert.equal(await registry.unregister("dropped"), true);
  await registry.raise("top", one, 5);
  await registry.raise("top", two, 7);
  await system.crashRegistry();
  assert.deepEqual((await registry.list()).map(({ name, ref, meta }) => [name, ref.id, meta]), [
    ["kept", one.id, { n: 1 }],
    ["top", two.id, {}],
  ]);
  // The rank outlives its owner and the registry, together.
  await system.kill(two);
  await system.crashRegistry();
  assert.equal(await registry.whereis("top"), undefined);
  const standing = await registry.raise("top", one, 6);
  assert.equal(standing.ref.id, two.id, "the one that was not below");
  assert.equal(await registry.whereis("top"), undefined);
  assert.equal((await registry.raise("top", one, 8)).ref.id, one.id);
});

test("an actor that is gone gets no name and joins no group", async (t) => {
  const system = await withSystem(t);
  const local = await system.spawn(townModule, "local");
  const remote = await system.spawn(townModule, "remote", { placement: "thread" });
  for (const ref of [local, remote]) {
    await system.kill(ref);
    await assert.rejects(system.registry.register("ghost", ref), { code: "noproc" });
    await assert.rejects(system.registry.raise("ghost", ref, 1), { code: "noproc" });
    await assert.rejects(system.registry.join("ghosts", ref), { code: "noproc" });
  }
  assert.deepEqual(await system.registry.list(), []);
});

test("an actor whose thread did not answer a new registry in time is told when its name went to another", async (t) => {
  const system = await withSystem(t);
  const lost = nextEvent(system, "name.lost");
  const slow = await spawnHog(system, { name: "contested" });
  const spinning = slow.with({ timeout: 30_000 }).ask.spin(4_000);
  // A registry that waits for all threads to tell gives up on this one, and opens.
  await system.crashRegistry();
  const other = await system.spawn(actor(() => ({})), undefined, { name: "contested" });
  const { actor: id, name, data } = await lost;
  assert.deepEqual([id, name, data["name"]], [slow.id, "contested", "contested"]);
  await spinning;
  assert.equal((await system.registry.whereis("contested"))?.id, other.id);
});

test("bad input never ends the registry, even past its border", async (t) => {
  const system = await withSystem(t);
  const node = async (): Promise<NodeId | undefined> => {
    const { nodes } = await system.inspect();
    return nodes.find(({ actors }) => actors.some(({ name }) => name === REGISTRY_NAME))?.node;
  };
  const before = await node();
  const raw = system.registry.via<Record<string, (...args: unknown[]) => unknown>>(REGISTRY_NAME);
  for (const method of ["claim", "raise", "list", "watch", "reclaim", "join", "release"]) {
    await assert.rejects(async () => await raw.ask[method]?.(7), { code: "bad_registry_request" });
  }
  await assert.rejects(system.registry.register("a\tb", system.root), { code: "invalid_option" });
  await assert.rejects(
    system.spawn(townModule, "t", { name: "x", meta: { fn: () => 1 } }),
    { code: "start_failed" },
  );
  assert.deepEqual(await system.registry.list(), []);
  assert.equal(await node(), before);
});
