import assert from "node:assert/strict";
import { test } from "node:test";
import type { PeerProtocol } from "../../src/peer/mod.ts";
import { testCluster, winners } from "./support.ts";

/** Heartbeats would take seconds to stay away long enough. */
const PATIENT = { heartbeat: 50, timeoutMin: 5_000, timeoutMax: 6_000 };

for (const how of ["terminate", "throw"] as const) {
  test(`row 27: told of the end of the tracker's thread by "${how}", the others elect another at once`, async () => {
    await using test = await testCluster({}, { timers: PATIENT, downDetector: true });
    const { cluster } = test;
    const { tracker, epoch } = await cluster.tracker();
    const begun = performance.now();
    await cluster.crash(tracker, how);
    await cluster.tracker({ above: epoch });
    const ms = performance.now() - begun;
    assert.ok(ms < PATIENT.timeoutMin / 2, `${ms} ms`);
    assert.ok(
      test.events.some(({ kind, data }) => kind === "election.forget" && data["why"] === "down"),
    );
    for (const [won, peers] of winners(test.events)) assert.equal(peers.size, 1, `epoch ${won}`);
  });
}

test("row 27: a tracker that hangs is not taken for ended", async () => {
  const timers = { heartbeat: 50, timeoutMin: 600, timeoutMax: 900 };
  await using test = await testCluster({}, { peers: 3, timers, downDetector: true });
  const { cluster } = test;
  const { tracker, epoch } = await cluster.tracker();
  await cluster.crash(tracker, "hang");
  const next = await cluster.tracker({ above: epoch }).catch(() => undefined);
  assert.ok(next === undefined || next.epoch > epoch);
  const first = test.events.find(({ kind, data }) =>
    kind === "election.forget" && data["tracker"] === tracker
  );
  assert.equal(first?.data["why"], "timeout");
});

test("a follower whose event loop stood still says so, and starts no election", async () => {
  // Patient enough that a busy machine alone costs no tracker its followers.
  const timers = { heartbeat: 50, timeoutMin: 1_000, timeoutMax: 1_200 };
  await using test = await testCluster({}, { peers: 3, timers });
  const { cluster } = test;
  const { tracker, epoch } = await cluster.tracker();
  const follower = cluster.peers.find((id) => id !== tracker) as string;
  const flag = new SharedArrayBuffer(4);
  const lagged = new Promise<number>((resolve) =>
    cluster.on("election.lag", ({ data }) => {
      if (data["peer"] === follower) resolve(Number(data["ms"]));
    })
  );
  cluster.registry.via<PeerProtocol>(`p2p.peer.${follower}`).tell.fault("hang", flag);
  // Longer than any follower waits for its tracker.
  setTimeout(() => Atomics.store(new Int32Array(flag), 0, 1), 1_500);
  assert.ok(await lagged >= 100);
  assert.equal((await cluster.peer(follower).status()).tracker, tracker);
  assert.ok(
    !test.events.some(({ kind, data }) =>
      kind === "election.prevote" && data["peer"] === follower && Number(data["epoch"]) > epoch
    ),
  );
});
