import assert from "node:assert/strict";
import process from "node:process";
import { test } from "node:test";
import { eventually } from "../support/eventually.ts";
import { bytes, sha256, sha256Of, testCluster } from "./support.ts";

/** 1024 in full. */
const MIB = Number(process.env["TRANSFER_MIB"] ?? 64);
const SIZE = MIB * 2 ** 20;
const HOLDERS = 5;
const DOWNLOADER = HOLDERS + 1;

/** Seconds that the download takes at its limit, so that there is time for all that happens to it. */
const SECONDS = Math.max(4, MIB / 100);

test("a download outlives two holders, the tracker and its own peer, and fetches nothing twice", async () => {
  const content = bytes(SIZE, 7);
  const holders = Array.from(
    { length: HOLDERS },
    (_, i) => [`peer-${i + 1}`, { "big.bin": content }],
  );
  await using test = await testCluster(Object.fromEntries(holders), {
    peers: HOLDERS + 2,
    limits: { downBytesPerSecond: SIZE / SECONDS },
  });
  const { cluster } = test;
  await eventually("five holders", async () => {
    const [found] = await cluster.peer(1).search("big.bin");
    return found?.holders.length === HOLDERS;
  }, { timeoutMs: 60_000 + 200 * MIB });
  const agreed = await cluster.tracker();
  if (agreed.tracker === `peer-${DOWNLOADER}`) {
    // The tracker shall die apart from the downloader.
    await cluster.peer(1).election();
    await cluster.tracker({ above: agreed.epoch });
  }

  let done = 0;
  const reached = async (share: number): Promise<void> => {
    await eventually(`${share} of it`, () => done >= share * SIZE, {
      intervalMs: 1,
      timeoutMs: 1_000 * (SECONDS + 60),
    });
  };
  const first = cluster.peer(DOWNLOADER).download("big.bin", {
    onProgress: (progress) => (done = Math.max(done, progress.done)),
  });
  const lost = assert.rejects(first);
  await reached(0.15);
  const { tracker, epoch } = await cluster.tracker();
  await cluster.crash(tracker);
  await reached(0.3);
  await cluster.tracker({ above: epoch });
  const victims = [1, 2, 3, 4, 5].filter((peer) => `peer-${peer}` !== tracker).slice(0, 2);
  for (const victim of victims) await cluster.crash(victim, "terminate", { hold: true });
  await reached(0.6);
  const before = done;
  await cluster.crash(DOWNLOADER);
  await lost;

  await cluster.tracker();
  const result = await eventually("the peer is back", async () => {
    return await cluster.peer(DOWNLOADER).download("big.bin").catch(() => undefined);
  }, { timeoutMs: 1_000 * (SECONDS + 60) });
  assert.equal(sha256Of(result.path), sha256(content));
  const fetched = Object.values(result.from).reduce((sum, each) => sum + each, 0);
  const twice = before + fetched - SIZE;
  assert.ok(twice <= 0.02 * SIZE, `${twice} bytes of ${SIZE} were fetched twice`);
  assert.ok((result.resumed ?? 0) > 0.5 * SIZE);
  for (const victim of victims) assert.equal(result.from[`peer-${victim}`], undefined);
});
