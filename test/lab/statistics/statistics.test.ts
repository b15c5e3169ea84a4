import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  bootstrapMean,
  compare,
  distributionOf,
  ecdf,
  failoverFloor,
  statOf,
  summarise,
} from "../../../src/lab/statistics/mod.ts";
import { Draws } from "../../../src/runtime/simulation/draws.ts";
import { failover, result } from "./results.ts";

/** About normal, from 12 uniform draws. */
function normal(n: number, mean: number, deviation: number, key: string): number[] {
  const draws = new Draws(key);
  return Array.from({ length: n }, (_, i) => {
    let sum = -6;
    for (let k = 0; k < 12; k++) sum += draws.at(i, k);
    return mean + deviation * sum;
  });
}

describe("a distribution", () => {
  it("says what is known of samples, and no p99 of fewer than 500", () => {
    const few = distributionOf([4, 1, 3, 2, 5])!;
    assert.deepEqual(
      [few.n, few.mean, few.min, few.p50, few.p90, few.p99, few.max],
      [5, 3, 1, 3, 4.6, undefined, 5],
    );
    const many = distributionOf(Array.from({ length: 501 }, (_, i) => i))!;
    assert.equal(many.p99, 495);
    assert.equal(distributionOf([]), undefined);
    assert.equal(distributionOf([7])!.ci, undefined);
  });

  it("has an interval that holds the true mean about as often as it says", () => {
    let held = 0;
    for (let i = 0; i < 200; i++) {
      const [low, high] = bootstrapMean(normal(40, 100, 10, `n${i}`), { resamples: 400 })!;
      if (low <= 100 && 100 <= high) held++;
    }
    assert.ok(held >= 180 && held <= 198, `${held} of 200 intervals of 95 % hold the mean`);
  });

  it("comes out the same every time", () => {
    const samples = normal(50, 100, 10, "same");
    assert.deepEqual(distributionOf(samples), distributionOf(samples));
    assert.notDeepEqual(bootstrapMean(samples, { key: "a" }), bootstrapMean(samples, { key: "b" }));
  });

  it("has an ECDF that rises to 1 in a step per value", () => {
    assert.deepEqual(ecdf([3, 1, 3, 2]), [[1, 0.25], [2, 0.5], [3, 1]]);
  });
});

describe("a threshold on statistics", () => {
  it("is named by metric and aspect, and by the greatest value without one", () => {
    const runs = [result(1, [failover(150), failover(190)]), result(2, [failover(160)])];
    const value = (name: string): number => {
      const { metric, of } = statOf(name);
      return of(runs.flatMap((run) => [...metric.samples(run)]));
    };
    assert.equal(value("failover.p50"), 160);
    assert.equal(value("failover.win.max"), 188);
    assert.equal(value("failover"), 190);
    assert.equal(value("spurious"), 0);
    assert.equal(value("failover.n"), 3);
  });

  it("that there is not is refused with what there is", () => {
    assert.throws(() => statOf("failovr.p99"), /metric is "failovr", expected one of failover/);
    assert.throws(() => statOf("nothing"), /stat is "nothing", expected one of failover/);
  });
});

describe("a summary", () => {
  const runs = [
    result(1, [failover(150)]),
    result(2, [failover(210, { split: true, epochs: 2 })], {
      verdict: "fail",
      checks: [{ check: "agreed", verdict: "fail", message: "peer-3 follows nobody" }],
      stats: { spurious: 1 },
    }),
    result(3, [], { verdict: "inconclusive" }),
  ];

  it("counts verdicts, and names the run to look at", () => {
    const summary = summarise(runs, { peers: 5 });
    assert.deepEqual(summary.runs, { all: 3, pass: 1, fail: 1, inconclusive: 1 });
    assert.equal(summary.verdict, "fail");
    assert.equal(summary.worst, "2");
    assert.equal(summary.checks[0]?.firstFailure?.seed, "2");
  });

  it("sums up failovers against the least that they can take", () => {
    const { failover, floor, splitRate, epochs, spurious, messages } = summarise(runs, {
      peers: 5,
    });
    assert.equal(failover.all?.mean, 180);
    assert.equal(floor?.ms, 156.1);
    assert.equal(floor?.ratio, 178 / 156.1);
    assert.equal(splitRate, 0.5);
    assert.equal(epochs, 1.5);
    assert.deepEqual(spurious, { count: 1, perHour: 120 });
    assert.deepEqual(messages, { HB: 300, VOTE: 12 });
  });

  it("says what makes its figures worth less", () => {
    const late = result(4, [failover(400)], { mode: "live", stats: { lag: 40 } });
    const notes = summarise([late], { peers: 5 }).notes.join("\n");
    assert.match(notes, /No p99 of 1 failovers: it takes 500/);
    assert.match(notes, /In 1 of 1 runs an event loop was late by more than .* \(15 ms\)/);
  });

  it("of runs that decided nothing is inconclusive, and of no runs there is none", () => {
    assert.equal(summarise([runs[2]!]).verdict, "inconclusive");
    assert.throws(() => summarise([]), /results is \[\], expected at least one run/);
  });

  it("knows the floor of the measured profiles", () => {
    const floors = (["default", "fast", "turbo"] as const).map((profile) =>
      failoverFloor({ peers: 5, profile, latency: 0.25 })
    );
    assert.deepEqual(floors, [156, 32, 16.5]);
  });
});

describe("a comparison", () => {
  it("of the same seeds is by pairs, and finds a difference far below what seeds differ by", () => {
    const spread = normal(60, 200, 40, "a");
    const a = spread.map((all, i) => result(i, [failover(all)]));
    const b = spread.map((all, i) => result(i, [failover(all + 4 + (i % 3))]));
    const paired = compare(a, b);
    assert.ok(paired.paired && !paired.same);
    assert.equal(paired.difference.toFixed(6), "5.000000");
    assert.match(paired.says, /^failover: A was 1\.03 x faster\.$/);
    const others = b.map((run) => ({ ...run, seed: `other ${run.seed}` }));
    const unpaired = compare(a, others);
    assert.ok(!unpaired.paired && unpaired.same);
    assert.match(unpaired.says, /this may be chance/);
  });

  it("finds no difference where there is none", () => {
    const a = normal(60, 200, 40, "x").map((all, i) => result(i, [failover(all)]));
    assert.match(compare(a, a).says, /same mean/);
  });

  it("without samples is refused", () => {
    assert.throws(
      () => compare([result(1, [])], [result(1, [failover(150)])]),
      /metric is "failover", expected one that the first has samples of/,
    );
    assert.throws(() => compare([], [], { confidence: 2 }), /confidence is 2/);
  });
});
