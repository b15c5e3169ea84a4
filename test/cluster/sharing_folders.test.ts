import assert from "node:assert/strict";
import { existsSync, readFileSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { eventually } from "../support/eventually.ts";
import type { TestCluster } from "./support.ts";
import { bytes, sha256, sha256Of, testCluster } from "./support.ts";

const MIB = 2 ** 20;

async function knows(test: TestCluster, name: string, holders = 1): Promise<void> {
  await eventually(`${holders} of ${name}`, async () => {
    const [found] = await test.cluster.peer(1).search(name);
    return found?.name === name && found.holders.length === holders;
  });
}

/** Another byte at `at`, as a disk does that fails: no time changes. */
function damage(path: string, at: number): void {
  const { atime, mtime } = statSync(path);
  const content = readFileSync(path);
  content[at]! ^= 1;
  writeFileSync(path, content);
  utimesSync(path, atime, mtime);
}

test("a folder comes whole: small files together, large ones one by one, empty ones too", async () => {
  const files: Record<string, string | Uint8Array> = {
    "pics/empty": "",
    "pics/deep/er/large.bin": bytes(3 * MIB + 5),
    "pics/one chunk": bytes(256 * 1024),
    "other/no.txt": "no",
  };
  for (let i = 0; i < 600; i++) files[`pics/many/${i % 7}/${i}.txt`] = `file ${i}`;
  files["pics/many/copy of 3.txt"] = "file 3";
  await using test = await testCluster({ "peer-2": files }, { peers: 2 });
  await knows(test, "pics/one chunk");
  const { cluster } = test;
  let told = 0;
  const done = await cluster.peer(1).downloadFolder("pics", { onProgress: () => void told++ });
  assert.deepEqual([done.files, done.already, done.failed], [604, 0, []]);
  assert.ok(told > 0);
  const { downloads } = cluster.folders(1);
  for (const [name, content] of Object.entries(files)) {
    if (name.startsWith("other/")) assert.equal(existsSync(join(downloads, name)), false);
    else assert.equal(sha256Of(join(downloads, name)), sha256(content), name);
  }
  await knows(test, "pics/many/3/599.txt".replace("3/599", `${599 % 7}/599`), 2);
  const again = await cluster.peer(1).downloadFolder("pics");
  assert.deepEqual([again.files, again.already], [0, 604]);
  await assert.rejects(cluster.peer(1).downloadFolder("nothing"), { code: "not_found" });
});

test("a folder whose names stand for several files brings the others, and says which it left", async () => {
  await using test = await testCluster({
    "peer-2": { "f/a.txt": "two", "f/b.txt": "b" },
    "peer-3": { "f/a.txt": "three" },
  }, { peers: 3 });
  await knows(test, "f/b.txt");
  const { cluster } = test;
  await eventually("both", async () => (await cluster.peer(1).search("f/a.txt")).length === 2);
  const done = await cluster.peer(1).downloadFolder("f");
  assert.deepEqual([done.files, done.failed.map(({ name }) => name)], [1, ["f/a.txt"]]);
  const rest = await cluster.peer(1).downloadFolder("f", { holder: "peer-3" });
  assert.deepEqual([rest.files, rest.failed], [1, []]);
  assert.equal(readFileSync(join(cluster.folders(1).downloads, "f/a.txt"), "utf8"), "three");
});

test("damage is found where no time changed, and mended from others", async () => {
  const content = bytes(2 * MIB, 9);
  await using test = await testCluster({ "peer-2": { "x.bin": content } }, { peers: 2 });
  const { cluster } = test;
  const path = join(cluster.folders(1).shared, "x.bin");
  test.share("peer-1", "x.bin", content);
  utimesSync(path, 1e9, 1e9);
  await cluster.peer(1).refresh();
  await knows(test, "x.bin", 2);
  assert.deepEqual((await cluster.peer(1).verify()).damaged, []);
  damage(path, 700_000);
  const looked = await cluster.peer(1).verify({ repair: false });
  assert.deepEqual(looked.damaged.map(({ name, chunks, repaired }) => [name, chunks, repaired]), [
    ["x.bin", "2", false],
  ]);
  // It is shared no more, but a scan believes the time: so it is found again.
  await cluster.peer(1).refresh();
  const { damaged } = await cluster.peer(1).verify();
  assert.deepEqual(damaged.map(({ repaired, why }) => [repaired, why]), [[true, undefined]]);
  assert.equal(sha256Of(path), sha256(content));
  assert.deepEqual((await cluster.peer(1).verify()).damaged, []);
  await knows(test, "x.bin", 2);
});

test("damage that nobody can mend is named, and never served", async () => {
  const content = bytes(2 * MIB, 9);
  await using test = await testCluster({}, { peers: 2 });
  const { cluster } = test;
  const path = join(cluster.folders(1).shared, "x.bin");
  test.share("peer-1", "x.bin", content);
  utimesSync(path, 1e9, 1e9);
  await cluster.peer(1).refresh();
  await knows(test, "x.bin");
  damage(path, 1);
  const { damaged } = await cluster.peer(1).verify();
  assert.equal(damaged[0]?.repaired, false);
  assert.match(damaged[0]?.why ?? "", /nobody has 1 of its 8 chunks \(0\)/i);
  await eventually("it is gone", async () => (await cluster.peer(2).search("x.bin")).length === 0);
});

test("a restarted peer does not hash again what it knows", async () => {
  await using test = await testCluster({}, { peers: 1 });
  const { cluster } = test;
  const path = join(cluster.folders(1).shared, "x.bin");
  test.share("peer-1", "x.bin", bytes(MIB, 1));
  utimesSync(path, 1e9, 1e9);
  await cluster.peer(1).refresh();
  const [before] = await cluster.peer(1).files();
  damage(path, 5);
  await cluster.restart(1);
  const [after] = await eventually("files", async () => {
    const files = await cluster.peer(1).files();
    return files.length > 0 && files;
  });
  assert.equal(after?.fileId, before?.fileId, "it was not read");
  utimesSync(path, 2e9, 2e9);
  await cluster.peer(1).refresh();
  assert.notEqual((await cluster.peer(1).files())[0]?.fileId, before?.fileId);
});

test("two that download from one slow holder help each other", async () => {
  const content = bytes(24 * MIB, 3);
  await using test = await testCluster({ "peer-1": { "big.bin": content } }, { peers: 3 });
  const { cluster } = test;
  await knows(test, "big.bin");
  await cluster.peer(1).limit({ upBytesPerSecond: 12 * MIB });
  const [one, two] = await Promise.all(
    [2, 3].map((peer) => cluster.peer(peer).download("big.bin")),
  );
  assert.equal(sha256Of(one!.path), sha256(content));
  assert.equal(sha256Of(two!.path), sha256(content));
  const exchanged = (one!.from["peer-3"] ?? 0) + (two!.from["peer-2"] ?? 0);
  assert.ok(exchanged > 2 * MIB, `${exchanged} bytes`);
});

test("downloads that wait begin by their priority, and limits hold them", async () => {
  const files = { "a": bytes(2 * MIB, 1), "b": bytes(2 * MIB, 2), "c": bytes(2 * MIB, 3) };
  await using test = await testCluster({ "peer-2": files }, {
    peers: 2,
    limits: { downloads: 1, downBytesPerSecond: 8 * MIB },
  });
  const { cluster } = test;
  for (const name of Object.keys(files)) await knows(test, name);
  const order: string[] = [];
  const began = performance.now();
  const get = async (name: string, priority: number): Promise<void> => {
    const { path } = await cluster.peer(1).download(name, { priority });
    assert.equal(sha256Of(path), sha256(files[name as "a"]));
    order.push(name);
  };
  const first = get("a", 0);
  await eventually("it runs", async () => {
    const { transfers } = await cluster.peer(1).status();
    return (transfers[0]?.done ?? 0) > 0;
  }, { intervalMs: 1 });
  await Promise.all([first, get("b", 0), get("c", 1)]);
  assert.deepEqual(order, ["a", "c", "b"]);
  assert.ok(performance.now() - began > 400, "6 MiB at 8 MiB/s");
  await assert.rejects(cluster.peer(1).limit({ downloads: 0 }), { code: "invalid_option" });
});
