import assert from "node:assert/strict";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { eventually } from "../support/eventually.ts";
import { bytes, sha256, sha256Of, testCluster, winners } from "./support.ts";

test("five peers agree on one tracker, and no peer is privileged", async () => {
  await using test = await testCluster();
  const { cluster } = test;
  const { tracker, epoch } = await cluster.tracker();
  const statuses = await Promise.all(cluster.peers.map((id) => cluster.peer(id).status()));
  assert.deepEqual(statuses.map((status) => status.tracker), Array(5).fill(tracker));
  assert.deepEqual(statuses.map((status) => status.epoch), Array(5).fill(epoch));
  assert.equal(statuses.filter(({ role }) => role === "tracker").length, 1);
});

test("the winner alone has the names of its epoch, and they move on with the tracker", async () => {
  await using test = await testCluster({}, { peers: 3 });
  const { cluster } = test;
  const names = (): Promise<[string, unknown][]> =>
    cluster.registry.list({ prefix: "p2p.tracker." }).then((entries) =>
      entries.map(({ name, meta }) => [name, meta["peer"]])
    );
  for (let above = 0, round = 0; round < 2; round++) {
    const { tracker, epoch } = await cluster.tracker({ above });
    await eventually(`the names of epoch ${epoch}`, async () => {
      assert.deepEqual(await names(), [
        ["p2p.tracker.current", tracker],
        [`p2p.tracker.epoch.${epoch}`, tracker],
      ]);
      return true;
    });
    await cluster.crash(tracker);
    above = epoch;
  }
});

test("the votes of a candidate are seen as it counts them, until it has won", async () => {
  await using test = await testCluster();
  const { cluster } = test;
  const first = await cluster.tracker();
  const seen: unknown[][] = [];
  const candidacyOf = (id: unknown): unknown =>
    cluster.view().find((peer) => peer.id === id)?.candidacy;
  cluster.on("election.count", ({ data }) => {
    const { epoch, votes } = candidacyOf(data["peer"]) as Record<string, unknown>;
    seen.push([data["peer"], epoch, votes]);
  });
  await cluster.crash("tracker");
  const { tracker, epoch } = await cluster.tracker({ above: first.epoch });
  assert.deepEqual(
    seen.filter((entry) => entry[0] === tracker && entry[1] === epoch),
    [1, 2, 3].map((votes) => [tracker, epoch, votes]),
  );
  assert.equal(candidacyOf(tracker), undefined);
});

test("a single peer is its own tracker at once", async () => {
  await using test = await testCluster({}, { peers: 1 });
  assert.equal((await test.cluster.tracker()).tracker, "peer-1");
});

for (const how of ["terminate", "throw", "exit", "hang"] as const) {
  test(`a tracker that is crashed by "${how}" is followed by one of a higher epoch, and comes back as a follower`, async () => {
    await using test = await testCluster();
    const { cluster } = test;
    const first = await cluster.tracker();
    assert.equal(await cluster.crash("tracker", how), first.tracker);
    const next = await cluster.tracker({ above: first.epoch });
    assert.ok(next.epoch > first.epoch);
    await eventually("the crashed peer to follow", async () => {
      const { role, tracker } = await cluster.peer(first.tracker).status();
      return role === "follower" && tracker !== undefined;
    });
    for (const [epoch, peers] of winners(test.events)) {
      assert.equal(peers.size, 1, `epoch ${epoch}`);
    }
  });
}

test("a peer that is held down stays down until it is restarted", async () => {
  await using test = await testCluster({}, { peers: 3 });
  const { cluster } = test;
  const { tracker, epoch } = await cluster.tracker();
  await cluster.crash(tracker, "terminate", { hold: true });
  await cluster.tracker({ above: epoch });
  assert.equal(cluster.view().find(({ id }) => id === tracker)?.up, false);
  await assert.rejects(cluster.crash(tracker), /a peer that is up/);
  await cluster.restart(tracker);
  const agreed = await cluster.tracker();
  assert.notEqual(agreed.tracker, tracker);
});

test("the console's election replaces the tracker by one of a higher epoch", async () => {
  await using test = await testCluster({}, { peers: 3 });
  const { cluster } = test;
  const first = await cluster.tracker();
  for (
    const id of [
      first.tracker,
      cluster.peers.find((peer) => peer !== first.tracker) as string,
    ]
  ) {
    const { epoch } = await cluster.tracker();
    await cluster.peer(id).election();
    await cluster.tracker({ above: epoch });
  }
});

test("45: the name server's death costs the cluster neither its tracker nor its names", async () => {
  // Patient enough that a busy machine alone costs no tracker its lease.
  const timers = { heartbeat: 50, timeoutMin: 2_000, timeoutMax: 3_000 };
  await using test = await testCluster({ "peer-2": { "a.txt": "a" } }, { peers: 3, timers });
  const { cluster } = test;
  const before = await cluster.tracker();
  await eventually("its file", async () => (await cluster.peer(1).search("a.txt")).length === 1);
  for (let round = 0; round < 3; round++) {
    await cluster.crashRegistry();
    assert.deepEqual((await cluster.peer(1).search("a.txt")).map(({ holders }) => holders), [[
      "peer-2",
    ]]);
  }
  assert.deepEqual(await cluster.tracker(), before);
  await cluster.crash("tracker");
  await cluster.tracker({ above: before.epoch });
});

test("a peer whose state was lost starts as a learner, which neither votes nor is elected, and still shares", async () => {
  await using test = await testCluster({ "peer-3": { "c.txt": "c" } }, { peers: 3 });
  const { cluster } = test;
  const { epoch } = await cluster.tracker();
  await cluster.stop(3);
  rmSync(join(cluster.folder, "state", "peer-3", "election"));
  await cluster.restart(3);
  assert.equal((await cluster.peer(3).status()).role, "learner");
  await eventually("its file", async () => (await cluster.peer(1).search("c.txt")).length === 1);
  assert.ok((await cluster.tracker()).epoch >= epoch);
});

test("twenty trackers in a row are killed: each time one of a higher epoch follows, never two in one epoch, the catalogue is complete again, and a download that ran meanwhile has the right hash", async () => {
  const big = bytes(48 * 2 ** 20, 7);
  const files = {
    "peer-1": { "one.txt": "1", "big.bin": big },
    "peer-2": { "two.txt": "2", "big.bin": big },
    "peer-3": { "three.txt": "3", "big.bin": big },
    "peer-4": { "four.txt": "4" },
    "peer-5": { "five.txt": "5" },
  };
  await using test = await testCluster(files);
  const { cluster } = test;
  let agreed = await cluster.tracker();
  const names = ["big.bin", "five.txt", "four.txt", "one.txt", "three.txt", "two.txt"];
  const complete = (): Promise<unknown> =>
    eventually("the whole catalogue", async () => {
      const found = await cluster.peer(1).network();
      assert.deepEqual(found.map(({ name }) => name), names);
      return found;
    });
  await complete();
  for (let round = 1; round <= 20; round++) {
    // Whoever is not tracker downloads, so that the kill hits the tracker alone.
    const loader = cluster.peers.find((id) => id !== agreed.tracker && Number(id.slice(-1)) > 3) ??
      cluster.peers.find((id) => id !== agreed.tracker) as string;
    rmSync(join(cluster.folders(loader).downloads, "big.bin"), { force: true });
    await cluster.peer(loader).refresh();
    const download = cluster.peer(loader).download("big.bin");
    await eventually("the download to run", async () => {
      const { transfers } = await cluster.peer(loader).status();
      return transfers.length > 0 || await Promise.race([download.then(() => true), false]);
    });
    await cluster.crash(agreed.tracker);
    const next = await cluster.tracker({ above: agreed.epoch });
    assert.ok(next.epoch > agreed.epoch);
    const { path } = await download;
    assert.equal(sha256Of(path), sha256(big), `round ${round}`);
    await eventually("all peers to be back", () => cluster.view().every(({ up }) => up));
    agreed = await cluster.tracker();
    await complete();
  }
  for (const [epoch, peers] of winners(test.events)) assert.equal(peers.size, 1, `epoch ${epoch}`);
});
