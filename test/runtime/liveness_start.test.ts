import assert from "node:assert/strict";
import { test } from "node:test";
import { fromModule } from "../../src/actor.ts";
import { eventually } from "../support/eventually.ts";
import { fixture, hogModule, nextEvent, withSystem } from "./support.ts";

/** Modules that do not become actors within 400 ms, and what is said of it. */
const BAD: Record<string, RegExp> = {
  "not_there.ts": /not_there/,
  "throws_at_import.ts": /this module does not load/,
  "never_imported.ts": /it was not ready within 400 ms, of which \d+ ms were left/,
  "spins_at_import.ts": /it was not ready within 400 ms/,
};

for (const [name, message] of Object.entries(BAD)) {
  test(`case 115: spawning ${name} is start_failed with the cause, in time, and leaves no thread`, async (t) => {
    const system = await withSystem(t);
    const before = (await system.inspect()).threads.length;
    const begun = performance.now();
    const spawned = system.spawn(fromModule(fixture(name)), undefined as never, {
      placement: "thread",
      name: "unlucky",
      startTimeout: name === "not_there.ts" || name === "throws_at_import.ts" ? 10_000 : 400,
    });
    await assert.rejects(spawned, (error: Error & { code?: string }) => {
      assert.equal(error.code, "start_failed");
      assert.match(error.message, /^unlucky did not start: /);
      assert.match(error.message, message);
      assert.ok(error.cause instanceof Error);
      return true;
    });
    assert.ok(performance.now() - begun < 5_000);
    await eventually(
      "its thread to be gone",
      async () => (await system.inspect()).threads.length === before,
      { timeoutMs: 15_000 },
    );
    assert.equal(await system.registry.whereis("unlucky"), undefined);
  });
}

test("case 115: an init that spins, and a thread that is not ready, fail the spawn in time and are named", async (t) => {
  const system = await withSystem(t);
  const before = (await system.inspect()).threads.length;
  // Long enough for the thread to begin, on a busy machine as well.
  const spinning = system.spawn(hogModule, { init: "spin", ms: 6_000 }, {
    placement: "thread",
    startTimeout: 3_000,
  });
  await assert.rejects(spinning, /it was not ready within 3000 ms: its thread is held by "init"/);
  const hurried = system.spawn(hogModule, {}, { placement: "thread", startTimeout: 1 });
  await assert.rejects(hurried, { code: "start_failed" });
  await eventually(
    "both threads to be gone",
    async () => (await system.inspect()).threads.length === before,
    { timeoutMs: 15_000 },
  );
});

test("a module that takes long to load is noticed, but no reason to end its thread", async (t) => {
  const liveness = { intervalMs: 20, acceptablePauseMs: 200, kill: true };
  const system = await withSystem(t, { liveness });
  const noticed = nextEvent(system, "node.unresponsive", ({ node }) => node !== "t1");
  const spawned = system.spawn(fromModule(fixture("spins_at_import.ts")), undefined as never, {
    placement: "thread",
  });
  await assert.rejects(spawned, /exports no actor definition/);
  await noticed;
});
