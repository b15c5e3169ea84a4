import assert from "node:assert/strict";
import { test } from "node:test";
import { createCluster } from "../../src/mod.ts";

test("a peer that loses its votes in the moment before its supervisor starts it again comes back", async () => {
  await using cluster = await createCluster({ runtime: "simulation", peers: 3, seed: 7 });
  await cluster.tracker();
  await cluster.crash("peer-1");
  await cluster.world.advance(1);
  await cluster.faults.wipe("peer-1");
  await cluster.world.advance(1_000);
  assert.deepEqual(cluster.view().map(({ up }) => up), [true, true, true]);
});

test("a peer that is kept down stays down when it loses its votes", async () => {
  await using cluster = await createCluster({ runtime: "simulation", peers: 3, seed: 7 });
  await cluster.tracker();
  await cluster.crash("peer-1", "terminate", { hold: true });
  await cluster.faults.wipe("peer-1");
  await cluster.world.advance(1_000);
  assert.deepEqual(cluster.view().map(({ up }) => up), [false, true, true]);
});
