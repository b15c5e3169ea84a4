import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { createCluster } from "../../src/cluster/mod.ts";
import type { ClusterOptions } from "../../src/cluster/mod.ts";
import { tempDir } from "../support/temp_dir.ts";
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
  "a quorum above the voters": [{ peers: 5, voters: 3, quorum: 4 }, /quorum is 4.*from 1 to 3/],
  "a quorum that is no majority": [
    { peers: 5, quorum: 2 },
    /quorum is 2, expected at least 3, the majority of 5 voters, or unsafe: true/,
  ],
  "more voters than peers": [{ peers: 3, voters: 4 }, /voters is 4, expected .* from 1 to 3/],
  "a heartbeat as slow as the timeout": [
    { timers: { heartbeat: 150 } },
    /timers\.heartbeat is 150, expected less than timeoutMin, 150/,
  ],
  "timeouts the wrong way round": [
    { timers: { timeoutMin: 200, timeoutMax: 100 } },
    /timers\.timeoutMax is 100, expected at least timeoutMin, 200/,
  ],
  "the seed's own voting without a word": [
    { protocol: "seed-literal" },
    /protocol is "seed-literal", expected troupe, or unsafe: true/,
  ],
};

for (const [what, [options, message]] of Object.entries(BAD)) {
  test(`${what}: refused with an error that names it`, async () => {
    await assert.rejects(createCluster(options), message);
  });
}

test("a quorum that is no majority needs to be called unsafe", async () => {
  await assert.rejects(testCluster({}, { peers: 3, quorum: 1 }), /quorum/);
  // Two of its peers may well win one epoch: it is not watched for that.
  await using dir = await tempDir();
  const options = { peers: 3, quorum: 1, unsafe: true, folder: join(dir.path, "run") };
  await using cluster = await createCluster(options);
  assert.equal(cluster.peers.length, 3);
});

test("a heartbeat above a third of the shortest timeout is accepted, with a warning that says what it costs", async () => {
  await using test = await testCluster({}, { peers: 1, profile: "seed" });
  await using quiet = await testCluster({}, { peers: 1 });
  const warnings = await Promise.all(
    [test, quiet].map(async ({ cluster }) => {
      await cluster.tracker();
      const lines = readFileSync(cluster.folders(1).log, "utf8").trim().split("\n");
      return lines.map((line) => JSON.parse(line)).filter(({ kind }) =>
        kind === "election.warning"
      );
    }),
  );
  assert.match(warnings[0]![0].text, /more than a third of timeoutMin, 150 ms: .* 118 needless/);
  assert.deepEqual(warnings[1], []);
});

test("the seed's own voting runs where it is asked for, and warns", async () => {
  await using test = await testCluster({}, { peers: 3, protocol: "seed-literal", unsafe: true });
  const { cluster } = test;
  const { epoch } = await cluster.tracker();
  await cluster.crash("tracker");
  await cluster.tracker({ above: epoch });
  assert.match(readFileSync(cluster.folders(1).log, "utf8"), /for experiments only/);
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
