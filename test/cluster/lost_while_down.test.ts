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

test("who stop and start one peer at the same time do it one after the other", async () => {
  await using cluster = await createCluster({ runtime: "simulation", peers: 3, seed: 7 });
  await cluster.tracker();
  const { faults } = cluster;
  const works = [faults.tear("peer-1"), faults.wipe("peer-1"), cluster.restart("peer-1")];
  await Promise.all(works.map((work) => cluster.time.wait("the peer's return", work)));
  assert.equal(cluster.view()[0]?.up, true);
});

test("a peer is kept down that was crashed for that while it came back", async () => {
  await using cluster = await createCluster({ runtime: "simulation", peers: 3, seed: 7 });
  await cluster.tracker();
  const torn = cluster.faults.tear("peer-1");
  const held = cluster.crash("peer-1", "terminate", { hold: true });
  await cluster.time.wait("its end", Promise.all([torn, held]));
  await cluster.world.advance(10_000);
  assert.equal(cluster.view()[0]?.up, false);
});

test("a peer that crashes once more in the moment of its end loses its votes and comes back", async () => {
  await using cluster = await createCluster({ runtime: "simulation", peers: 3, seed: 7 });
  await cluster.tracker();
  await cluster.crash("peer-1");
  await cluster.faults.wipe("peer-1");
  assert.deepEqual(cluster.view().map(({ up }) => up), [true, true, true]);
});
