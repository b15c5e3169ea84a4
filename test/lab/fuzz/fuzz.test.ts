import assert from "node:assert/strict";
import { test } from "node:test";
import { fuzz } from "../../../src/lab/fuzz/mod.ts";

// Of these 70 four once failed: a peer that its supervisor had just started again was ended and stayed down for ever, and links were too slow
// for any lease.
test("peers without a bug pass whatever is drawn", async () => {
  const { failed, runs } = await fuzz({ seed: 6_300, runs: 70, ms: 600_000 });
  assert.deepEqual(failed.map(({ seed, checks }) => ({ seed, checks })), []);
  assert.equal(runs, 70);
});

test("a bug that is planted in the peers is found", async () => {
  const plan = { mutant: "cede-without-withdrawing" };
  const { failed } = await fuzz({ seed: 7_000, runs: 50, ms: 600_000, failures: 1, plan });
  // A run that was under way with the first may fail as well.
  assert.ok(failed.length >= 1);
});
