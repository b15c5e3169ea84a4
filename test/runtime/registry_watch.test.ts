import assert from "node:assert/strict";
import { test } from "node:test";
import type { ActorContext, RegistryEvent } from "../../src/actor.ts";
import { actor } from "../../src/actor.ts";
import { eventually } from "../support/eventually.ts";
import { spawnEcho, withSystem } from "./support.ts";

/** What somebody knows who was told everything; fails where the news do not fit together. */
function follower(): { on: (event: RegistryEvent) => void; known: Map<string, string> } {
  const known = new Map<string, string>();
  return {
    known,
    on(event) {
      if (event.type === "synced") return;
      const { name, ref } = event.entry;
      if (event.type === "registered") {
        assert.equal(known.has(name), false, `${name} came twice`);
        known.set(name, ref.id);
      } else {
        assert.equal(known.get(name), ref.id, `${name} went, but was not there`);
        known.delete(name);
      }
    },
  };
}

test("a watch and a loop have no gap, whatever changes while the registry dies", async (t) => {
  const system = await withSystem(t, { threads: { pool: { size: 2 } } });
  const { registry } = system;
  const refs = await Promise.all(
    [0, 1, 2, 3].map(() => spawnEcho(system, { placement: { pool: "pool" } })),
  );
  const watched = follower();
  const watch = registry.watch({ prefix: "w/" }, watched.on);
  t.after(() => watch[Symbol.dispose]());
  const looped = follower();
  const controller = new AbortController();
  const looping = (async () => {
    for await (const event of registry.changes({ prefix: "w/" }, { signal: controller.signal })) {
      looped.on(event);
    }
  })();
  let running = true;
  const load = refs.map(async (ref, i) => {
    for (let n = 0; running; n++) {
      await registry.register(`w/${i}/${n % 10}`, ref);
      if (n >= 5) await registry.unregister(`w/${i}/${(n - 5) % 10}`, ref);
    }
    return true;
  });
  for (let crash = 0; crash < 6; crash++) {
    await new Promise((resolve) => setTimeout(resolve, 60));
    await system.crashRegistry();
  }
  running = false;
  await Promise.all(load);
  const truth = (await registry.list({ prefix: "w/" })).map(({ name, ref }) => [name, ref.id]);
  assert.ok(truth.length >= 4 * 5);
  for (const { known } of [watched, looped]) {
    await eventually("all news", () => {
      assert.deepEqual([...known].sort(), truth);
      return true;
    });
  }
  controller.abort();
  await looping;
});

test("an actor that does not keep up loses its watch, and is told so", async (t) => {
  const system = await withSystem(t);
  let release!: () => void;
  const slow = await system.spawn(
    actor((ctx: ActorContext) => {
      let events = 0;
      let ended: string | undefined;
      ctx.registry.watch({ prefix: "s/" }, () => void events++, {
        limit: 20,
        onEnd: (error) => (ended = error.code),
      });
      return {
        block: () => new Promise<void>((go) => (release = go)),
        state: () => ({ events, ended }),
      };
    }),
    undefined,
  );
  await eventually("synced", async () => (await slow.ask.state()).events === 1);
  const blocked = slow.ask.block();
  const ref = await spawnEcho(system);
  for (let n = 0; n < 30; n++) await system.registry.register(`s/${n}`, ref);
  release();
  await blocked;
  assert.deepEqual(await slow.ask.state(), { events: 1, ended: "watcher_too_slow" });
});

test("an actor that does not keep up and does not listen for that ends with the error", async (t) => {
  const system = await withSystem(t);
  let release!: () => void;
  const slow = await system.spawn(
    actor((ctx: ActorContext) => {
      ctx.registry.watch({ prefix: "s/" }, () => {}, { limit: 5 });
      return { block: () => new Promise<void>((go) => (release = go)) };
    }),
    undefined,
  );
  const blocked = slow.ask.block();
  const ref = await spawnEcho(system);
  for (let n = 0; n < 10; n++) await system.registry.register(`s/${n}`, ref);
  const down = system.down(slow);
  release();
  await blocked;
  const { reason } = await down;
  assert.ok(reason.kind === "error");
  assert.equal((reason.error as Error & { code?: string }).code, "watcher_too_slow");
});

test("what waits outside of actors ends when the system is shut down", async (t) => {
  const system = await withSystem(t);
  const looping = (async () => {
    let events = 0;
    for await (const _event of system.registry.changes()) events++;
    return events;
  })();
  const waiting = assert.rejects(system.registry.waitFor("never", { timeout: Infinity }), {
    code: "aborted",
  });
  await spawnEcho(system, { name: "one" });
  await system.shutdown();
  assert.ok(await looping >= 1);
  await waiting;
});

test("an actor's watch ends with the actor: the next one hears only its own", async (t) => {
  const system = await withSystem(t);
  const heard: string[] = [];
  const watcher = (label: string) =>
    actor((ctx: ActorContext) => {
      ctx.registry.watch({ prefix: "e/" }, ({ type }) => void heard.push(`${label} ${type}`));
      return { ping: () => true };
    });
  const first = await system.spawn(watcher("first"), undefined);
  await eventually("the first to be synced", () => heard.includes("first synced"));
  await system.stop(first);
  await system.spawn(watcher("second"), undefined);
  await spawnEcho(system, { name: "e/1" });
  await eventually("the second to hear", () => heard.includes("second registered"));
  assert.equal(heard.includes("first registered"), false);
});
