import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { PlannedFault, Schedule } from "../../../src/lab/scenario/mod.ts";
import { ddmin } from "../../../src/lab/shrink/ddmin.ts";
import type { Probe } from "../../../src/lab/shrink/probe.ts";
import { search } from "../../../src/lab/shrink/search.ts";

const plenty = { runs: 100_000, ms: Infinity };

function schedule(faults: readonly PlannedFault[], peers = 5): Schedule {
  return {
    v: 1,
    name: "many faults",
    cluster: { peers, latency: { min: 1, max: 20 } },
    faults,
    work: [],
    checks: [{ check: "single-server" }],
    until: 5_000,
    quiet: 1_000,
  };
}

function pauses(count: number): PlannedFault[] {
  return Array.from({ length: count }, (_, i) => ({
    id: `f${i + 1}`,
    when: { at: 100 * i + 0.25 },
    verb: "pause",
    who: ["peer-1", "peer-2"],
    for: 400,
  }));
}

/** Fails if `fails` says so, with every seed. */
function always(fails: (schedule: Schedule) => boolean): Probe {
  return (candidate, seeds, ran) => {
    const failed = fails(candidate);
    ran(failed ? 1 : seeds.length);
    return Promise.resolve(failed ? 0 : undefined);
  };
}

const has = ({ faults }: Schedule, ...ids: readonly string[]): boolean =>
  ids.every((id) => faults.some((fault) => fault.id === id));

describe("leaving out", () => {
  it("finds the items that matter, wherever they are, and in few trials", async () => {
    const items = Array.from({ length: 64 }, (_, i) => i);
    let trials = 0;
    const left = await ddmin(items, (some) => {
      trials++;
      return Promise.resolve([3, 40, 41].every((item) => some.includes(item)));
    });
    assert.deepEqual(left, [3, 40, 41]);
    assert.ok(trials < 64, `${trials} trials`);
  });

  it("leaves nothing where nothing matters, and all where all does", async () => {
    assert.deepEqual(await ddmin([1, 2, 3], () => Promise.resolve(true)), []);
    const all = (some: readonly number[]): Promise<boolean> => Promise.resolve(some.length === 3);
    assert.deepEqual(await ddmin([1, 2, 3], all), [1, 2, 3]);
  });
});

describe("a search", () => {
  it("leaves only the faults that matter, each as weak as can be, on few peers, in a short run", async () => {
    const found = await search({
      schedule: schedule(pauses(39)),
      seed: "7",
      phase: "test",
      budget: plenty,
      probe: always((candidate) =>
        has(candidate, "f5", "f30") &&
        candidate.faults.every(({ id, for: lasts, who }) =>
          id !== "f5" || (Number(lasts) >= 50 && who!.includes("peer-2"))
        )
      ),
    });
    const { faults, cluster, until } = found.schedule;
    assert.ok(found.complete);
    assert.deepEqual(faults.map(({ id }) => id), ["f5", "f30"]);
    assert.deepEqual(faults[0]!.who, ["peer-2"]);
    assert.ok(Number(faults[0]!.for) >= 50 && Number(faults[0]!.for) < 63, String(faults[0]!.for));
    assert.equal(faults[1]!.for, 5);
    assert.deepEqual(cluster, { peers: 3 });
    assert.ok(until < 200, `until ${until}`);
  });

  it("keeps the seed that shows the failure once other draws are needed", async () => {
    const probe: Probe = (candidate, seeds, ran) => {
      const place = has(candidate, "f2", "f3")
        ? 0
        : seeds.findIndex((seed) => has(candidate, "f2") && seed === "13");
      ran(place < 0 ? seeds.length : place + 1);
      return Promise.resolve(place < 0 ? undefined : place);
    };
    const options = {
      schedule: schedule(pauses(8)),
      seed: "7",
      phase: "test",
      budget: plenty,
      probe,
    };
    const one = await search({ ...options, seeds: [1] });
    assert.deepEqual([one.seed, one.schedule.faults.length], ["7", 2]);
    const many = await search({ ...options, seeds: [1, 20] });
    assert.deepEqual([many.seed, many.schedule.faults.map(({ id }) => id)], ["13", ["f2"]]);
  });

  it("tells what it tried, and gives the best so far when its budget is used up", async () => {
    const probe = always((candidate) => has(candidate, "f1", "f20"));
    const seen: number[] = [];
    const found = await search({
      schedule: schedule(pauses(39)),
      seed: "7",
      phase: "test",
      budget: { runs: 12, ms: Infinity },
      probe,
      onProgress: ({ faults }) => seen.push(faults),
    });
    assert.equal(found.complete, false);
    assert.ok(found.runs <= 12 && found.log.length <= 12);
    assert.ok(has(found.schedule, "f1", "f20") && found.schedule.faults.length < 39);
    assert.equal(seen.at(-1), found.schedule.faults.length);
    assert.deepEqual(found.log[0], { what: "nothing at all", runs: 1, kept: false, size: 0 });
  });

  it("ends when it is told to", async () => {
    const controller = new AbortController();
    const probe: Probe = (_candidate, _seeds, ran) => {
      controller.abort(new Error("enough"));
      ran(1);
      return Promise.resolve(undefined);
    };
    const options = { schedule: schedule(pauses(9)), seed: "7", phase: "test", budget: plenty };
    await assert.rejects(search({ ...options, probe, signal: controller.signal }), /enough/);
  });
});
