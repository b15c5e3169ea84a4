import assert from "node:assert/strict";
import { test } from "node:test";
import type { SpawnOptions } from "../../src/actor.ts";
import { child, OutOfMemoryError, supervisor } from "../../src/actor.ts";
import { eventually } from "../support/eventually.ts";
import { hogModule, spawnEcho, spawnHog, withSystem } from "./support.ts";

test("an actor that fills its heap ends with out_of_memory, which names the limit, and with it nobody else", async (t) => {
  const system = await withSystem(t);
  const neighbour = await spawnEcho(system);
  const hog = await spawnHog(system, { heap: { oldMb: 32, youngMb: 4 } });
  assert.equal(await hog.ask.say("there is room"), "there is room");
  const down = system.down(hog);
  await assert.rejects(hog.ask.fill(), { code: "noproc" });
  const { reason } = await down;
  assert.ok(reason.kind === "error", reason.kind);
  assert.ok(reason.error instanceof OutOfMemoryError, String(reason.error));
  assert.equal(reason.error.code, "out_of_memory");
  assert.deepEqual(reason.error.heap, { oldMb: 32, youngMb: 4 });
  assert.match(reason.error.message, /heap\.oldMb = 32 MiB, heap\.youngMb = 4 MiB/);
  assert.equal(await neighbour.ask.say("alive"), "alive");
});

test("an init that fills its heap fails the spawn with out_of_memory", async (t) => {
  const system = await withSystem(t);
  const spawned = system.spawn(hogModule, { init: "fill" }, {
    placement: "thread",
    heap: { oldMb: 24 },
  });
  await assert.rejects(spawned, (error: Error & { code?: string }) => {
    assert.equal(error.code, "start_failed");
    assert.ok(error.cause instanceof OutOfMemoryError, String(error.cause));
    assert.match(error.message, /heap\.oldMb = 24 MiB/);
    return true;
  });
});

test("a supervisor restarts a child that ran out of memory, and says why it did", async (t) => {
  const system = await withSystem(t);
  const reasons: unknown[] = [];
  system.on("supervisor.restart", ({ data }) => reasons.push(data["reason"]));
  const app = await system.spawn(
    supervisor({}, [
      child({ id: "hog", start: hogModule, args: {}, placement: "thread", heap: { oldMb: 32 } }),
    ]),
    undefined,
  );
  const ref = async () => {
    const found = (await app.ask.whichChildren())[0]?.ref;
    return typeof found === "object"
      ? found.as<{ say(text: string): string; fill(): void }>()
      : undefined;
  };
  const before = await ref();
  before?.tell.fill();
  const after = await eventually("its successor", async () => {
    const found = await ref();
    return found !== undefined && found.id !== before?.id && found;
  });
  assert.equal(await after.ask.say("room again"), "room again");
  const [reason] = reasons as { kind: string; error: OutOfMemoryError }[];
  assert.deepEqual([reason?.kind, reason?.error.code], ["error", "out_of_memory"]);
});

test("wrong limits are refused with field and value, for spawns and for children", async (t) => {
  const system = await withSystem(t);
  const wrong: [SpawnOptions, RegExp][] = [
    [{ heap: { oldMb: 0 } }, /heap\.oldMb is 0, expected a whole number of MiB from 16/],
    [{ heap: { oldMb: 4 } }, /heap\.oldMb is 4/],
    [{ heap: { oldMb: 32.5 } }, /heap\.oldMb is 32\.5/],
    [{ heap: { oldMb: "64" as never } }, /heap\.oldMb is "64"/],
    [{ heap: { oldMb: Infinity } }, /heap\.oldMb/],
    [{ heap: { youngMb: 0 } }, /heap\.youngMb is 0, expected a whole number of MiB from 1/],
    [{ heap: { stackSizeMb: 1 } as never }, /a key of heap is "stackSizeMb"/],
    [{ heap: 64 as never }, /heap is 64/],
    [{ heap: { oldMb: 64 }, placement: "local" }, /heap .* placement is not "thread"/],
    [{ heap: { oldMb: 64 }, placement: { pool: "p" } }, /heap .* placement is not "thread"/],
  ];
  for (const [options, message] of wrong) {
    await assert.rejects(spawnHog(system, options), (error: Error & { code?: string }) => {
      assert.equal(error.code, "invalid_option");
      assert.match(error.message, message);
      return true;
    });
  }
  assert.throws(
    () => child({ id: "h", start: hogModule, args: {}, placement: "thread", heap: { oldMb: -1 } }),
    /heap\.oldMb of child "h" is -1/,
  );
});

test("the smallest limits that are taken let an actor start", async (t) => {
  const system = await withSystem(t);
  const hog = await spawnHog(system, { heap: { oldMb: 16, youngMb: 1 } });
  assert.equal(await hog.ask.say("tight"), "tight");
});
