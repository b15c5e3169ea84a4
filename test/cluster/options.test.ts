import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { createCluster } from "../../src/cluster/mod.ts";
import type { ClusterOptions } from "../../src/cluster/mod.ts";
import { testCluster } from "./support.ts";

const BAD: Record<string, [ClusterOptions, RegExp]> = {
  "no peers": [{ peers: 0 }, /peers is 0, expected a whole number from 1 to 100/],
  "too many peers": [{ peers: 101 }, /peers is 101/],
  "half a peer": [{ peers: 2.5 }, /peers is 2\.5/],
  "a shared folder that is missing": [
    { shared: "/no/such/folder" },
    /shared is "\/no\/such\/folder"/,
  ],
  "an unknown profile": [
    { profile: "slow" as "fast" },
    /profile is "slow", expected one of default/,
  ],
  "a quorum above the peers": [{ peers: 3, quorum: 4 }, /quorum is 4/],
};

for (const [what, [options, message]] of Object.entries(BAD)) {
  test(`${what}: refused with an error that names it`, async () => {
    await assert.rejects(createCluster(options), message);
  });
}

test("a quorum that is no majority needs to be called unsafe", async () => {
  await assert.rejects(testCluster({}, { peers: 3, quorum: 1 }), /quorum/);
  await using test = await testCluster({}, { peers: 3, quorum: 1, unsafe: true });
  assert.equal(test.cluster.peers.length, 3);
});

test("every peer has a log of JSON lines", async () => {
  const test_ = await testCluster({}, { peers: 2 });
  await test_.cluster.tracker();
  const { log } = test_.cluster.folders(1);
  const lines = readFileSync(log, "utf8").trim().split("\n").map((line) => JSON.parse(line));
  assert.ok(lines.some(({ kind, v }) => kind === "peer.up" && v === 1));
  assert.ok(lines.some(({ kind }) => kind === "peer.role"));
  await test_[Symbol.asyncDispose]();
});
