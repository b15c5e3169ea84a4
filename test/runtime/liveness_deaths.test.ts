import assert from "node:assert/strict";
import { test } from "node:test";
import type { AnyRef } from "../../src/actor.ts";
import { fromModule } from "../../src/actor.ts";
import { eventually } from "../support/eventually.ts";
import type crew from "./fixtures/crew.ts";
import { fixture, spawnEcho, withSystem } from "./support.ts";

test("case 109: the end of a thread of several actors is a nodedown for each, settles every ask, frees the names, and supervisors elsewhere act", async (t) => {
  const system = await withSystem(t, { threads: { crew: { size: 1 } } });
  const supervising = await system.spawn(
    fromModule<typeof crew>(fixture("crew.ts")),
    undefined,
    { placement: "thread" },
  );
  const children = async (): Promise<AnyRef[]> =>
    (await supervising.ask.whichChildren()).flatMap(({ ref }) =>
      typeof ref === "object" ? [ref] : []
    );
  const before = await children();
  const lone = await spawnEcho(system, { placement: { pool: "crew" }, name: "lone" });
  const node = lone.node;
  assert.deepEqual(before.map((ref) => ref.node), [node, node, node]);
  assert.notEqual(supervising.node, node);

  await lone.ask.say("it is up");
  const downs = Promise.all([...before, lone].map((ref) => system.down(ref)));
  const asks = Promise.allSettled(
    [...before, lone].flatMap((ref) => {
      const { ask } = ref.as<{ overlap(ms: number): Promise<number>; never(): Promise<never> }>();
      return [ask.overlap(60_000), ask.never(), ask.never()];
    }),
  );
  system.terminate(node);

  for (const { reason } of await downs) {
    assert.equal(reason.kind, "nodedown");
    assert.equal(reason.kind === "nodedown" && reason.node, node);
  }
  assert.equal(await system.registry.whereis("lone"), undefined);
  for (const ask of await asks) {
    assert.equal(ask.status === "rejected" && ask.reason.code, "noproc");
  }
  const after = await eventually("all three to be restarted", async () => {
    const refs = await children();
    return refs.length === 3 && refs.every((ref) => ref.node !== node) && refs;
  });
  const says = await Promise.all(
    after.map((ref) => ref.as<{ say(text: string): string }>().ask.say("x")),
  );
  assert.deepEqual(says.sort(), ["ax", "bx", "cx"]);
  assert.equal((await system.registry.whereis("crew.a"))?.node, after[0]?.node);
});
