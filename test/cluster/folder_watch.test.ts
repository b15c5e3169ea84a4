import assert from "node:assert/strict";
import { mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { createCluster } from "../../src/cluster/mod.ts";
import { eventually } from "../support/eventually.ts";
import { testCluster } from "./support.ts";

const NOTES = "notes.txt";

test("what is added to a shared folder, changed and removed there is announced by itself", async () => {
  await using test = await testCluster({ "peer-2": { "old.txt": "old" } }, {
    peers: 2,
    watch: true,
  });
  const { cluster } = test;
  const versions = async (name: string): Promise<number[]> =>
    (await cluster.peer(1).search(name)).map(({ size }) => size);
  const seen = (name: string, sizes: number[]): Promise<unknown> =>
    eventually(`${name} of ${sizes} bytes`, async () => {
      assert.deepEqual(await versions(name), sizes);
      return true;
    });
  await seen("old.txt", [3]);

  test.share("peer-2", NOTES, "one");
  await seen(NOTES, [3]);
  test.share("peer-2", NOTES, "number two");
  await seen(NOTES, [10]);
  const { shared } = cluster.folders(2);
  rmSync(join(shared, NOTES));
  await seen(NOTES, []);

  // A folder that comes with files in it, and what is put into it afterwards.
  const made = join(test.folder, "made");
  mkdirSync(join(made, "deep"), { recursive: true });
  writeFileSync(join(made, "deep", "first.txt"), "first");
  renameSync(made, join(shared, "new"));
  await seen("new/deep/first.txt", [5]);
  test.share("peer-2", "new/deep/second.txt", "second");
  await seen("new/deep/second.txt", [6]);
  rmSync(join(shared, "new"), { recursive: true });
  await seen("new/deep", []);

  const scans = test.events.filter(({ kind, data }) =>
    kind === "files.scanned" && data["peer"] === "peer-2"
  );
  assert.ok(scans.some(({ data }) => data["added"] === 1 && data["removed"] === 0));
  assert.ok(scans.some(({ data }) => data["removed"] === 1));
  // Reading files is no change: the scans do not go on for ever.
  assert.ok(scans.length <= 9, `${scans.length} scans for 7 changes`);
});

test("a shared folder that went is told of, and watched again once refresh has found it", async () => {
  await using test = await testCluster({ "peer-1": { "old.txt": "old" } }, {
    peers: 1,
    watch: true,
  });
  const peer = test.cluster.peer(1);
  const names = async (): Promise<string[]> => (await peer.files()).map(({ name }) => name);
  const has = (wanted: string[]): Promise<unknown> =>
    eventually(String(wanted), async () => {
      assert.deepEqual(await names(), wanted);
      return true;
    });
  await has(["old.txt"]);
  const { shared } = test.cluster.folders(1);
  rmSync(shared, { recursive: true });
  await eventually("news of it", () => test.events.some(({ kind }) => kind === "files.unwatched"));
  test.share("peer-1", "new.txt", "new");
  const { removed } = await peer.refresh();
  assert.deepEqual(removed, ["old.txt"]);
  test.share("peer-1", "newer.txt", "newer");
  await has(["new.txt", "newer.txt"]);
});

test("a cluster that shall not watch waits for refresh", async () => {
  await using test = await testCluster({ "peer-2": { "old.txt": "old" } }, { peers: 2 });
  const peer = test.cluster.peer(2);
  await eventually("the first scan", async () => (await peer.files()).length === 1);
  test.share("peer-2", NOTES, "one");
  const { added } = await peer.refresh();
  assert.deepEqual(added, [NOTES]);
});

test("the same holds in simulation, 100 ms of quiet after the last change", async () => {
  const scans: { readonly at: number; readonly added: unknown; readonly removed: unknown }[] = [];
  await using cluster = await createCluster({
    runtime: "simulation",
    seed: 3,
    peers: 3,
    watch: true,
    onEvent: ({ kind, at, data: { peer, added, removed } }) => {
      if (kind === "files.scanned" && peer === "peer-2") scans.push({ at, added, removed });
    },
  });
  const { world } = cluster;
  const { shared } = cluster.folders(2);
  await cluster.tracker();
  await world.until("the first scan", () => scans.length === 1);

  const disk = cluster.disk(2);
  disk.put(`${shared}/${NOTES}`, new TextEncoder().encode("one"));
  await world.advance(50);
  const last = world.now;
  disk.put(`${shared}/two.txt`, new TextEncoder().encode("two"));
  await world.until("a scan", () => scans.length === 2);
  assert.equal(scans[1]!.added, 2);
  const waited = scans[1]!.at - last;
  assert.ok(waited >= 100 && waited < 150, `after ${waited} ms`);
  await world.advance(1_000);
  assert.equal((await cluster.peer(1).search(NOTES)).length, 1);

  await disk.direct.remove(`${shared}/${NOTES}`);
  await world.advance(1_000);
  assert.deepEqual(scans[2], { at: scans[2]!.at, added: 0, removed: 1 });
  assert.equal((await cluster.peer(1).search(NOTES)).length, 0);
  assert.equal(scans.length, 3);
});
