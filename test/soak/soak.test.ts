import assert from "node:assert/strict";
import { test } from "node:test";
import { SMALL } from "./plan.ts";
import { soak } from "./soak.ts";

// `npm run test:soak` does ten times as much, and looks at memory, too.
test("after many deaths, restarts and asks everything is given back and no ask is forgotten", async () => {
  const { cycles, killedMidCall, asks } = await soak(SMALL);
  assert.equal(cycles, SMALL.threadCycles + SMALL.localCycles);
  assert.ok(killedMidCall > 0);
  assert.deepEqual(asks.wrong, []);
  assert.equal(asks.answered + asks.lost, cycles * SMALL.asksPerCycle);
  assert.ok(asks.lost > 0);
});
