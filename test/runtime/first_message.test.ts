import assert from "node:assert/strict";
import { it } from "node:test";
import { createSystem, fromModule } from "../../src/actor.ts";
import type neighbourActor from "./fixtures/neighbour.ts";
import { fixture } from "./support.ts";

const neighbour = fromModule<typeof neighbourActor>(fixture("neighbour.ts"));

it("the first message after ready() goes from thread to thread while the main thread stands still", async () => {
  await using system = await createSystem();
  const one = await system.spawn(neighbour, undefined, { placement: "thread" });
  const other = await system.spawn(neighbour, undefined, { placement: "thread" });
  await one.ask.meet(other);
  // Both threads were told of the way between them before they hear this.
  await Promise.all([one.ask.here(), other.ask.here()]);
  const flag = new SharedArrayBuffer(4);
  await one.ask.nudge(other, flag, 20);
  assert.notEqual(Atomics.wait(new Int32Array(flag), 0, 0, 3_000), "timed-out");
});
