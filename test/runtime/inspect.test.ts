import assert from "node:assert/strict";
import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { test } from "node:test";
import type { ActorTree, AnyRef, SystemEvent } from "../../src/actor.ts";
import { actor, child, createSystem, fromModule, supervisor } from "../../src/actor.ts";
import { eventually } from "../support/eventually.ts";
import type crew from "./fixtures/crew.ts";
import { echoModule, fixture, nextEvent, spawnEcho, withSystem } from "./support.ts";

function find(
  tree: readonly ActorTree[],
  fits: (actor: ActorTree) => boolean,
): ActorTree | undefined {
  for (const actor of tree) {
    const found = fits(actor) ? actor : find(actor.children, fits);
    if (found !== undefined) return found;
  }
  return undefined;
}

test("the tree shows who spawned whom across threads, how often each was restarted, and what it does", async (t) => {
  const system = await withSystem(t, { threads: { crew: { size: 1 } } });
  const app = await system.spawn(
    supervisor({ intensity: 5 }, [
      child({
        id: "crew",
        start: fromModule<typeof crew>(fixture("crew.ts")),
        type: "supervisor",
        name: "crew",
        placement: "thread",
      }),
      child({ id: "echo", start: echoModule, args: "", name: "echo", placement: "thread" }),
    ]),
    undefined,
    { name: "app" },
  );
  const echoRef = async (): Promise<AnyRef | undefined> => {
    const ref = (await app.ask.whichChildren()).find(({ id }) => id === "echo")?.ref;
    return typeof ref === "object" ? ref : undefined;
  };
  const first = await echoRef();
  assert.ok(first !== undefined);
  system.terminate(first.node);
  const echo = (await eventually("its successor", async () => {
    const ref = await echoRef();
    return ref !== undefined && ref.id !== first.id && ref;
  })).as<{ say(text: string): string; later(text: string, ms: number): string }>();

  assert.equal(await echo.ask.say("one"), "one");
  const later = echo.with({ timeout: Infinity }).ask.later("two", 300);
  const { tree, threads, nodes, zombies } = await eventually("it to be busy", async () => {
    const info = await system.inspect();
    return find(info.tree, ({ id }) => id === echo.id)?.current !== undefined && info;
  });
  assert.equal(await later, "two");
  const main = nodes.find(({ node }) => node === "main");
  assert.deepEqual(main?.untimedAsks, { later: 1 });

  const top = find(tree, ({ name }) => name === "app");
  assert.deepEqual(top?.children.map(({ name }) => name), ["crew", "echo"]);
  assert.deepEqual([top?.kind, top?.parent, top?.restarts], ["supervisor", undefined, undefined]);
  const [shownCrew, shownEcho] = top?.children ?? [];
  assert.deepEqual(shownCrew?.children.map(({ name }) => name), ["crew.a", "crew.b", "crew.c"]);
  assert.deepEqual(shownCrew?.children.map(({ node }) => node !== shownCrew.node), [
    true,
    true,
    true,
  ]);
  assert.deepEqual(shownCrew?.children.map(({ restarts }) => restarts), [0, 0, 0]);
  assert.deepEqual([shownEcho?.restarts, shownEcho?.state, shownEcho?.stale], [1, "busy", false]);
  assert.deepEqual([shownEcho?.handled, shownEcho?.failed], [2, 0]);
  assert.equal(shownEcho?.current?.method, "later");
  assert.ok(shownEcho.current.sinceMs >= 0 && shownEcho.ageMs >= shownEcho.current.sinceMs);
  assert.deepEqual(Object.keys(shownEcho.mailbox), ["size", "capacity", "peak", "dropped"]);
  // The system's own: its root supervisor, with the registry's below it.
  assert.ok(
    find(
      tree,
      ({ kind, children }) =>
        kind === "supervisor" &&
        find(children, ({ name }) => name === "troupe.registry") !== undefined,
    ),
  );

  assert.equal(threads[0]?.node, "main");
  assert.deepEqual(
    threads.map(({ node }) => node).sort(),
    nodes.map(({ node }) => node).sort(),
  );
  assert.equal(zombies, 0);
  for (const { node, state, phi, heapUsed, ageMs, pool } of threads) {
    assert.equal(state, "running", node);
    assert.ok(phi < 8 && heapUsed > 1e6 && ageMs > 0, node);
    assert.equal(pool, node === shownCrew?.children[0]?.node ? "crew" : undefined);
  }
});

test("mailboxes show what waits, what waited at most, and what was dropped", async (t) => {
  const system = await withSystem(t);
  const echo = await spawnEcho(system, { mailbox: { capacity: 3 } });
  const shownNow = async () => find((await system.inspect()).tree, ({ id }) => id === echo.id);
  const busy = echo.ask.later("x", 300);
  await eventually("it to be busy", async () => (await shownNow())?.current !== undefined);
  for (let n = 0; n < 5; n++) echo.tell.hold([String(n)]);
  const shown = await eventually("the mailbox to be full", async () => {
    const found = await shownNow();
    return found?.mailbox.dropped === 2 && found;
  });
  assert.deepEqual(shown.mailbox, { size: 3, capacity: 3, peak: 3, dropped: 2 });
  await busy;
  assert.equal((await echo.ask.heard()).length, 3);
});

test("an actor whose parent ended stands at the top of the tree", async (t) => {
  const system = await withSystem(t);
  const parent = actor((ctx) => ({
    spawn: async () => (await ctx.spawn(echoModule, "", { placement: "thread" })).id as string,
  }));
  const ref = await system.spawn(parent, undefined);
  const id = await ref.ask.spawn();
  const place = async () => {
    const { tree } = await system.inspect();
    return { top: tree.some((one) => one.id === id), child: find(tree, (one) => one.id === id) };
  };
  assert.equal((await place()).top, false);
  await system.stop(ref);
  const after = await place();
  assert.equal(after.top, true);
  assert.equal(after.child?.parent, ref.id);
});

test("events go to diagnostics_channel, under the same names and with the same content", async (t) => {
  const seen: SystemEvent[] = [];
  const hear = (event: unknown): void => void seen.push(event as SystemEvent);
  subscribe("troupe:actor.exited", hear);
  t.after(() => unsubscribe("troupe:actor.exited", hear));
  const system = await createSystem();
  t.after(() => system.shutdown());
  const told = nextEvent(system, "actor.exited");
  const echo = await spawnEcho(system, { name: "heard" });
  await system.stop(echo);
  const event = await told;
  assert.deepEqual(seen.filter(({ actor }) => actor === echo.id), [event]);
  unsubscribe("troupe:actor.exited", hear);
  const count = seen.length;
  await system.stop(await spawnEcho(system));
  assert.equal(seen.length, count);
});
