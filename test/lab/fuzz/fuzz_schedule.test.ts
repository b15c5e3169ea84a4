import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { fuzzSchedule } from "../../../src/lab/fuzz/mod.ts";
import { parseScenario, type Schedule, writeYaml } from "../../../src/lab/scenario/mod.ts";

const seeds = Array.from({ length: 150 }, (_, i) => i + 1);

describe("schedules that are drawn", () => {
  it("are the same for the same seed, and of a few kinds each", () => {
    assert.deepEqual(fuzzSchedule(7), fuzzSchedule("7"));
    assert.notDeepEqual(fuzzSchedule(7).faults, fuzzSchedule(8).faults);
    const verbs = seeds.map((seed) => new Set(fuzzSchedule(seed).faults.map(({ verb }) => verb)));
    assert.ok(verbs.every((some) => some.size >= 1));
    assert.ok(new Set(verbs.flatMap((some) => [...some])).size >= 14);
  });

  it("take no disk from a majority, and leave a majority alive", () => {
    for (const { cluster, faults } of seeds.map((seed) => fuzzSchedule(seed))) {
      const struck = faults.filter(({ verb, with: details }) =>
        verb === "wipe" || details?.["stay"] === true
      );
      const peers = new Set(struck.flatMap(({ who }) => who as readonly string[]));
      assert.ok(peers.size < cluster.peers! / 2);
    }
  });

  it("demand one server at a time under wrong clocks, too, unless one jumps", () => {
    const withClocks = seeds.map((seed) => fuzzSchedule(seed))
      .filter(({ faults }) => faults.some(({ verb }) => verb === "clock"));
    const demanded = withClocks.filter(({ checks }) =>
      checks.some(({ check }) => check === "single-server")
    );
    assert.ok(demanded.length > 0);
    for (const schedule of withClocks) {
      const jumps = schedule.faults.some(({ with: details }) => details?.["jump"] !== undefined);
      assert.equal(demanded.includes(schedule), !jumps);
    }
  });

  it("are written as YAML, and read as the same schedule", async () => {
    for (const schedule of seeds.map((seed) => fuzzSchedule(seed, { mutant: "no-stickiness" }))) {
      const text = await writeYaml(schedule, {
        comment: [`${schedule.name} was drawn`],
      });
      assert.ok(text.startsWith(`# ${schedule.name} was drawn\n`));
      assert.deepEqual((await parseScenario(text)).schedule, schedule);
    }
  });
});

describe("a scenario file that is written", () => {
  it("says everything that a schedule can say", async () => {
    const all: Schedule = {
      v: 1,
      name: "all: of it",
      teaches: "what can be written",
      cluster: {
        peers: 7,
        profile: "fast",
        timers: { heartbeat: 10, timeoutMin: 40, timeoutMax: 80 },
        voters: 5,
        latency: 0.5,
        files: { perPeer: 2, size: { min: 1_024, max: 1_048_576 } },
      },
      faults: [
        { id: "a", when: { every: { min: 700, max: 1_300 }, from: 50 }, verb: "crash", who: "one" },
        { id: "b", when: { event: "win", nth: 2, after: 5 }, verb: "pause", who: "@event.peer" },
        {
          id: "c",
          when: { at: { min: 1, max: 2_000 } },
          verb: "nemesis",
          with: { mix: [{ verb: "link", weight: 2, for: 50, with: { loss: 0.5, held: true } }] },
        },
        {
          id: "d",
          when: { at: 3_000 },
          verb: "partition",
          with: { cuts: [["peer-1", ["peer-2", "peer-3"]]] },
        },
        { id: "e", when: { at: 3_100 }, verb: "partition", with: { groups: ["tracker", "rest"] } },
        { id: "f", when: { at: 3_200.5 }, verb: "tear", who: ["peer-2"] },
        { id: "g", when: { at: 3_300 }, verb: "disk", who: "all", with: { slow: 20 }, for: 30 },
        { id: "h", when: { at: 3_400 }, verb: "undo", with: { faults: ["a", "g"] } },
      ],
      work: [{ id: "w", when: { at: 10 }, work: "addFile", who: "all", with: { size: 2_000 } }],
      checks: [
        { check: "single-server" },
        { check: "agreed", within: 900 },
        { check: "stat", stat: "failover.all.p99", op: "<", limit: 500 },
      ],
      until: 4_000,
      quiet: 2_500,
    };
    assert.deepEqual((await parseScenario(await writeYaml(all))).schedule, all);
  });
});
