import assert from "node:assert/strict";
import process from "node:process";
import { describe, it } from "node:test";
import { Campaign, ElectionWorld, runChaos } from "../../src/lab/elections/mod.ts";
import { constant } from "../../src/runtime/simulation/latency.ts";

/** Fewer where a whole suite runs; `npm run nightly` runs 200 000. */
const SEEDS = Number(process.env["ELECTION_CHAOS_SEEDS"] ?? 4_000);

/** What random runs must make happen, or they prove nothing. */
const LIVELY = [
  "win",
  "cede",
  "yield",
  "lease_lost",
  "resign",
  "learner",
  "persist_failed",
  "forget",
];

describe("bare elections in virtual time", () => {
  it(`keep every invariant under random faults, and recover: ${SEEDS} seeds`, (t) => {
    const campaign = new Campaign();
    for (let seed = 1; seed <= SEEDS; seed++) campaign.run(seed);
    const { failures, events, ms, slowest, seen } = campaign.report;
    assert.deepEqual(failures, []);
    for (const kind of LIVELY) assert.ok(seen.has(kind), `${kind} happened in no run`);
    t.diagnostic(
      `${events} events in ${Math.round(ms / 1000)} virtual s, slowest recovery ${
        Math.round(slowest)
      } ms`,
    );
  });

  it("give the same trace for the same seed, on every engine", () => {
    const hashes = [1, 2, 3, 17, 189, 3274].map((seed) => runChaos(seed).hash);
    assert.deepEqual(hashes, [1, 2, 3, 17, 189, 3274].map((seed) => runChaos(seed).hash));
    assert.deepEqual(hashes, PINNED);
  });

  it("elect once among 300 peers", () => {
    const world = new ElectionWorld({
      peers: 300,
      seed: 1,
      latency: constant(0.2),
      disk: constant(0.5),
    });
    world.startAll();
    assert.ok(world.runUntil(() => world.agreed(world.voters) !== undefined, 5_000));
    assert.deepEqual(world.violations, []);
  });

  it("notice a tracker that nobody answers, and that it leaves", () => {
    const world = new ElectionWorld({ peers: 3, seed: 3, latency: constant(1), disk: constant(1) });
    world.startAll();
    assert.ok(world.runUntil(() => world.agreed(world.voters) !== undefined, 5_000));
    const tracker = world.agreed(world.voters)!;
    for (const { index } of world.voters) world.link(index, tracker.index, { blocked: true });
    world.run(world.now + 1_000);
    assert.notEqual(tracker.state.role, "tracker");
    assert.deepEqual(world.violations, []);
  });
});

/** On Node 20, Node 24 and Deno alike. A change of the protocol or of the draws changes them, and nothing else may. */
const PINNED: readonly string[] = [
  "5451183aecb3fd2d",
  "5aa2df42193ab217",
  "0b58ee5842b806e1",
  "7d6a98fb072aa35f",
  "53fd9fa47d7faab6",
  "be77d3f2b71950c9",
];
