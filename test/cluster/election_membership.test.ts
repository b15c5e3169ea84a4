import assert from "node:assert/strict";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { eventually } from "../support/eventually.ts";
import { testCluster, winners } from "./support.ts";

test("46: later peers are learners until they are added, and voters removed while the cluster runs", async () => {
  await using test = await testCluster({}, { peers: 5, voters: 3 });
  const { cluster } = test;
  const role = async (peer: number): Promise<string> => (await cluster.peer(peer).status()).role;
  await cluster.tracker();
  assert.deepEqual([await role(4), await role(5)], ["learner", "learner"]);
  assert.deepEqual(await cluster.addVoter(4), ["peer-1", "peer-2", "peer-3", "peer-4"]);
  assert.equal((await cluster.addVoter(5)).length, 5);
  await eventually("all to vote", async () => await role(5) === "follower");
  const { tracker, epoch } = await cluster.tracker();
  const after = await cluster.removeVoter(tracker);
  assert.equal(after.length, 4);
  assert.ok(!after.includes(tracker));
  const next = await cluster.tracker({ above: epoch });
  assert.notEqual(next.tracker, tracker);
  await eventually(
    "the removed one to be a learner",
    async () => (await cluster.peer(tracker).status()).role === "learner",
  );
  for (const [epoch, peers] of winners(test.events)) assert.equal(peers.size, 1, `epoch ${epoch}`);
});

test("46: the electorate survives restarts, and a peer that is down can be removed", async () => {
  await using test = await testCluster({}, { peers: 4 });
  const { cluster } = test;
  await cluster.tracker();
  await cluster.stop(4);
  assert.deepEqual(await cluster.removeVoter(4), ["peer-1", "peer-2", "peer-3"]);
  const { epoch } = await cluster.tracker();
  await cluster.crash("tracker");
  await cluster.tracker({ above: epoch });
  await cluster.restart(4);
  await eventually("peer-4 to know that it does not vote", async () => {
    const { role, voters } = await cluster.peer(4).status();
    return role === "learner" && voters.length === 3;
  });
});

test("24: a peer that lost its votes votes again under a new id, and keeps it over a restart", async () => {
  await using test = await testCluster({}, { peers: 3 });
  const { cluster } = test;
  await cluster.tracker();
  await cluster.stop(3);
  rmSync(join(cluster.folder, "state", "peer-3", "election"));
  await cluster.restart(3);
  assert.equal((await cluster.peer(3).status()).lost, true);
  const voters = await cluster.addVoter(3);
  assert.deepEqual(voters.slice(0, 2), ["peer-1", "peer-2"]);
  assert.match(voters[2]!, /^peer-3#/);
  await eventually(
    "peer-3 to vote",
    async () => (await cluster.peer(3).status()).role === "follower",
  );
  await cluster.restart(3);
  const { voter, lost, role } = await cluster.peer(3).status();
  assert.deepEqual([voter, lost, role], [voters[2], false, "follower"]);
  // It is needed now: with another one down, two of three are a quorum only with it.
  const { tracker, epoch } = await cluster.tracker();
  await cluster.crash(tracker === "peer-3" ? 1 : tracker, "terminate", { hold: true });
  await cluster.tracker({ above: tracker === "peer-3" ? 0 : epoch });
});
