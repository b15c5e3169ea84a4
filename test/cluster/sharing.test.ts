import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { eventually } from "../support/eventually.ts";
import type { TestCluster } from "./support.ts";
import { bytes, sha256, sha256Of, testCluster } from "./support.ts";

const MIB = 2 ** 20;

/** Waits until a search at peer 1 finds `count` versions, which `holders` have each at least. */
async function find(
  test: TestCluster,
  query: string,
  { count = 1, holders: least = 1 }: { readonly count?: number; readonly holders?: number } = {},
): Promise<string[][]> {
  return await eventually(`${count} of ${query}`, async () => {
    const found = await test.cluster.peer(1).search(query);
    return found.length === count && found.every(({ holders }) => holders.length >= least) &&
      found.map(({ name, holders }) => [name, ...holders]);
  });
}

test("a search finds by exact name, else by part of it, else by pattern, and tells who has it", async () => {
  await using test = await testCluster({
    "peer-1": { "common.txt": "same", "unique_to_peer1.txt": "1" },
    "peer-2": { "common.txt": "same", "docs/report.pdf": "pdf" },
  }, { peers: 2 });
  assert.deepEqual(await find(test, "common.txt", { holders: 2 }), [[
    "common.txt",
    "peer-1",
    "peer-2",
  ]]);
  assert.deepEqual(await find(test, "report"), [["docs/report.pdf", "peer-2"]]);
  assert.deepEqual(await find(test, "*.txt", { count: 2 }), [
    ["common.txt", "peer-1", "peer-2"],
    ["unique_to_peer1.txt", "peer-1"],
  ]);
  assert.deepEqual(await test.cluster.peer(1).search("nothing like it"), []);
});

test("a download has the right content, lies under its final name, and makes its owner a holder", async () => {
  const content = bytes(5 * MIB + 17);
  await using test = await testCluster({ "peer-2": { "sub/movie.bin": content } }, { peers: 3 });
  await find(test, "movie");
  const { cluster } = test;
  let reports = 0;
  const done = await cluster.peer(3).download("sub/movie.bin", {
    onProgress: () => void reports++,
  });
  assert.equal(done.path, join(cluster.folders(3).downloads, "sub/movie.bin"));
  assert.equal(sha256Of(done.path), sha256(content));
  assert.deepEqual(done.from, { "peer-2": content.length });
  assert.ok(reports > 0);
  await eventually("the new holder", async () => {
    const [found] = await cluster.peer(1).search("movie");
    return found?.holders.join() === "peer-2,peer-3";
  });
  await cluster.stop(2);
  const again = await cluster.peer(1).download("sub/movie.bin");
  assert.deepEqual(Object.keys(again.from), ["peer-3"]);
});

test("what a peer has already is not fetched again", async () => {
  await using test = await testCluster({
    "peer-1": { "same.txt": "same" },
    "peer-2": { "same.txt": "same", "other.txt": "other" },
  }, { peers: 2 });
  await find(test, "other.txt");
  const { cluster } = test;
  const own = await cluster.peer(1).download("same.txt");
  assert.deepEqual([own.already, own.path], [true, join(cluster.folders(1).shared, "same.txt")]);
  await cluster.peer(1).download("other.txt");
  const again = await cluster.peer(1).download("other.txt");
  assert.deepEqual([again.already, again.from], [true, {}]);
});

test("two downloads of one file at the same time are one", async () => {
  const content = bytes(20 * MIB);
  await using test = await testCluster({ "peer-2": { "big.bin": content } }, { peers: 2 });
  await find(test, "big.bin");
  const { cluster } = test;
  const [one, two] = await Promise.all([1, 2].map(() => cluster.peer(1).download("big.bin")));
  assert.deepEqual(one, two);
  assert.deepEqual(one?.from, { "peer-2": content.length });
});

test("files of no bytes, of exactly one chunk, and of one byte more download like any other", async () => {
  const sizes = { "empty": 0, "chunk": 256 * 1024, "chunks": MIB, "more": 256 * 1024 + 1 };
  const files = Object.fromEntries(
    Object.entries(sizes).map(([name, size]) => [name, bytes(size)]),
  );
  await using test = await testCluster({ "peer-2": files }, { peers: 2 });
  for (const name of Object.keys(sizes)) {
    await find(test, name);
    const { path } = await test.cluster.peer(1).download(name);
    assert.equal(sha256Of(path), sha256(files[name] as Uint8Array), name);
  }
});

test("two files of one name and different content stay two files, and are downloaded by id", async () => {
  await using test = await testCluster({
    "peer-2": { "fileA.txt": "even" },
    "peer-3": { "fileA.txt": "odd!" },
  }, { peers: 3 });
  await find(test, "fileA.txt", { count: 2 });
  const { cluster } = test;
  const found = await cluster.peer(1).search("fileA.txt");
  await assert.rejects(cluster.peer(1).download("fileA.txt"), { code: "ambiguous" });
  for (const { fileId, holders } of found) {
    const { path } = await cluster.peer(1).download(fileId);
    assert.equal(readFileSync(path, "utf8"), holders[0] === "peer-2" ? "even" : "odd!");
  }
  assert.deepEqual(readdirSync(cluster.folders(1).downloads).filter((name) => name !== ".troupe"), [
    "fileA (2).txt",
    "fileA.txt",
  ]);
});

test("a dead holder leaves the catalogue, also when the tracker itself is the one who died", async () => {
  await using test = await testCluster({
    "peer-1": { "one.txt": "1" },
    "peer-2": { "two.txt": "2" },
    "peer-3": { "three.txt": "3" },
  }, { peers: 3, restart: false });
  const { cluster } = test;
  await eventually("all three", async () => (await cluster.peer(1).network()).length === 3);
  const { tracker, epoch } = await cluster.tracker();
  await cluster.crash(tracker);
  await cluster.tracker({ above: epoch });
  const survivor = cluster.peers.find((id) => id !== tracker) as string;
  await eventually("the dead to be gone", async () => {
    const found = await cluster.peer(survivor).network();
    return found.length === 2 && found.every(({ holders }) => !holders.includes(tracker));
  });
});

test("refresh tells what was added and removed, and the network knows it", async () => {
  await using test = await testCluster({ "peer-1": { "old.txt": "old" } }, { peers: 2 });
  await find(test, "old.txt");
  const { cluster } = test;
  rmSync(join(cluster.folders(1).shared, "old.txt"));
  test.share("peer-1", "new.txt", "new");
  const { added, removed, files } = await cluster.peer(1).refresh();
  assert.deepEqual([added, removed, files.map(({ name }) => name)], [
    ["new.txt"],
    ["old.txt"],
    ["new.txt"],
  ]);
  assert.deepEqual((await cluster.peer(2).network()).map(({ name }) => name), ["new.txt"]);
});

test("a file that changed or vanished since it was shared is refused, and nothing stays under its name", async () => {
  await using test = await testCluster({
    "peer-2": { "changes.bin": bytes(MIB, 1), "vanishes.bin": bytes(MIB, 2) },
  }, { peers: 2 });
  await find(test, "*.bin", { count: 2 });
  const { cluster } = test;
  const { shared } = cluster.folders(2);
  writeFileSync(join(shared, "changes.bin"), bytes(MIB, 3));
  rmSync(join(shared, "vanishes.bin"));
  for (const name of ["changes.bin", "vanishes.bin"]) {
    await assert.rejects(cluster.peer(1).download(name, { holder: "peer-2" }), (error: Error) => {
      assert.match(error.message, new RegExp(name));
      return true;
    });
    assert.equal(existsSync(join(cluster.folders(1).downloads, name)), false);
  }
  await eventually(
    "they are withdrawn",
    async () => (await cluster.peer(1).network()).length === 0,
  );
});

test("a download whose holders all die ends with an error that says so, and goes on from where it was", async () => {
  const content = bytes(64 * MIB, 5);
  await using test = await testCluster({ "peer-2": { "big.bin": content } }, {
    peers: 3,
    restart: false,
  });
  await find(test, "big.bin");
  const { cluster } = test;
  const lost = cluster.peer(3).download("big.bin", { holder: "peer-2" });
  await eventually("it runs", async () => {
    const { transfers } = await cluster.peer(3).status();
    return (transfers[0]?.done ?? 0) > 0;
  }, { intervalMs: 1 });
  await cluster.crash(2);
  await assert.rejects(lost, (error: Error & { code?: string }) => {
    assert.ok(["incomplete", "no_holder"].includes(String(error.code)), error.message);
    return true;
  });
  assert.equal(existsSync(join(cluster.folders(3).downloads, "big.bin")), false);
  await cluster.restart(2);
  await find(test, "big.bin");
  const done = await cluster.peer(3).download("big.bin");
  assert.equal(sha256Of(done.path), sha256(content));
  assert.ok((done.from["peer-2"] ?? 0) < content.length, "what was verified is not fetched again");
});

test("a download can be aborted, and cancelled by its id", async () => {
  await using test = await testCluster({ "peer-2": { "big.bin": bytes(64 * MIB) } }, { peers: 2 });
  await find(test, "big.bin");
  const { cluster } = test;
  const controller = new AbortController();
  const aborted = cluster.peer(1).download("big.bin", {
    signal: controller.signal,
    onProgress: () => controller.abort(),
  });
  await assert.rejects(aborted, { code: "aborted" });
  let cancelled = false;
  const cancelling = cluster.peer(1).download("big.bin", {
    onProgress: ({ id }) => {
      if (!cancelled) void cluster.peer(1).cancel(id);
      cancelled = true;
    },
  });
  await assert.rejects(cancelling, /cancelled/);
  assert.equal(await cluster.peer(1).cancel("d99"), false);
});

test("hostile names in a shared folder are refused, the rest is shared", async () => {
  await using test = await testCluster({
    "peer-1": { "good.txt": "good", "CON.txt": "reserved", "trailing.": "dot" },
  }, { peers: 1 });
  const { refused, files } = await test.cluster.peer(1).refresh();
  assert.deepEqual(files.map(({ name }) => name), ["good.txt"]);
  assert.deepEqual(refused.map(({ name }) => name).sort(), ['"CON.txt"', '"trailing."']);
});

test("unknown files, peers and holders get an error that names them", async () => {
  await using test = await testCluster({ "peer-1": { "a.txt": "a" } }, { peers: 2 });
  const { cluster } = test;
  await find(test, "a.txt");
  await assert.rejects(cluster.peer(2).download("b.txt"), /b\.txt/);
  await assert.rejects(
    cluster.peer(2).download("a.txt", { holder: "peer-2" }),
    /peer-2 does not have a\.txt; peer-1 does/,
  );
  assert.throws(() => cluster.peer(3), /peer is "3", expected one of peer-1, peer-2/);
  assert.throws(() => cluster.peer("nobody"), /nobody/);
});
