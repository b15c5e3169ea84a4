import assert from "node:assert/strict";
import { test } from "node:test";
import type { SystemEvent } from "../../src/actor.ts";
import type { Cluster } from "../../src/cluster/mod.ts";
import type { PeerProtocol } from "../../src/peer/mod.ts";
import { eventually } from "../support/eventually.ts";
import { testCluster, winners } from "./support.ts";

/** The next event of `kind` of a peer that `fits`. */
function next(
  cluster: Cluster,
  kind: string,
  fits: (data: SystemEvent["data"]) => boolean,
): Promise<SystemEvent> {
  return new Promise((resolve) => {
    const listening = cluster.on(kind, (event) => {
      if (!fits(event.data)) return;
      listening[Symbol.dispose]();
      resolve(event);
    });
  });
}

test("34: a tracker that is stopped in order resigns, and its successor comes without waiting for a timeout", async () => {
  // Without the word of the tracker, it would take seconds.
  const timers = { heartbeat: 50, timeoutMin: 5_000, timeoutMax: 6_000 };
  await using test = await testCluster({}, { peers: 3, timers });
  const { cluster } = test;
  const { tracker, epoch } = await cluster.tracker();
  const begun = performance.now();
  await cluster.stop(tracker);
  await cluster.tracker({ above: epoch });
  assert.ok(performance.now() - begun < timers.timeoutMin / 2);
  const why = test.events.find(({ kind, data }) =>
    kind === "election.forget" && data["tracker"] === tracker
  );
  assert.equal(why?.data["why"], "resigned");
});

test("43: a tracker that hung until it had a successor answers nothing on waking, and gives its name back", async () => {
  await using test = await testCluster({}, { peers: 3 });
  const { cluster } = test;
  const { tracker, epoch } = await cluster.tracker();
  const hung = cluster.registry.via<PeerProtocol>(`p2p.peer.${tracker}`);
  const flag = new SharedArrayBuffer(4);
  const won = next(cluster, "election.win", ({ peer }) => peer !== tracker);
  hung.tell.fault("hang", flag);
  // In its mailbox before it wakes, so the first thing that it reads.
  const asked = assert.rejects(hung.with({ timeout: 20_000 }).ask.find(epoch, "*"), {
    code: "not_tracker",
  });
  await won;
  Atomics.store(new Int32Array(flag), 0, 1);
  await asked;
  const agreed = await cluster.tracker({ above: epoch });
  assert.notEqual(agreed.tracker, tracker);
  await eventually("the old name to be gone", async () => {
    const names = await cluster.registry.list({ prefix: "p2p.tracker." });
    return names.every(({ meta }) => meta["peer"] === agreed.tracker);
  });
  for (const [won, peers] of winners(test.events)) assert.equal(peers.size, 1, `epoch ${won}`);
});
