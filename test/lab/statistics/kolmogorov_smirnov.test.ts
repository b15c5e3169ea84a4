import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { kolmogorovSmirnov } from "../../../src/lab/statistics/mod.ts";
import { Draws } from "../../../src/runtime/simulation/draws.ts";

/** `n` numbers from `from` to `from + 1`, all equally likely. */
function uniform(key: string, n: number, from = 0): number[] {
  const draws = new Draws(key);
  return Array.from({ length: n }, (_, i) => from + draws.at(i, 0));
}

describe("the two-sample test of Kolmogorov and Smirnov", () => {
  it("finds the largest distance between the two cumulative distributions", () => {
    assert.equal(kolmogorovSmirnov([1, 2, 3, 4], [1, 2, 3, 4]).statistic, 0);
    assert.equal(kolmogorovSmirnov([1, 2], [3, 4]).statistic, 1);
    assert.equal(kolmogorovSmirnov([4, 1, 3, 2], [3.5, 2.5]).statistic, 0.5);
    assert.equal(kolmogorovSmirnov([1, 1, 1, 2], [1, 2, 2, 2]).statistic, 0.5);
  });

  it("gives the probabilities of the tables", () => {
    // Smirnov's limit: lambda 1.3581 at 5 %, 1.6276 at 1 %, 1.9495 at 0.1 %.
    for (const [lambda, alpha] of [[1.3581, 0.05], [1.6276, 0.01], [1.9495, 0.001]] as const) {
      const n = 20_000;
      const shift = Math.round(lambda * Math.sqrt(2 * n));
      const a = Array.from({ length: n }, (_, i) => i);
      const { pValue } = kolmogorovSmirnov(a, a.map((x) => x + shift));
      assert.ok(Math.abs(pValue / alpha - 1) < 0.05, `${pValue} instead of ${alpha}`);
    }
  });

  it("blames samples of one distribution as often as its alpha says", () => {
    let blamed = 0;
    for (let i = 0; i < 2_000; i++) {
      if (kolmogorovSmirnov(uniform(`${i}/a`, 40), uniform(`${i}/b`, 60)).pValue < 0.05) blamed++;
    }
    assert.ok(blamed > 50 && blamed < 150, `${blamed} of 2000`);
  });

  it("tells distributions apart that lie apart", () => {
    const { pValue } = kolmogorovSmirnov(uniform("a", 40), uniform("b", 400, 0.4));
    assert.ok(pValue < 0.001, `${pValue}`);
  });

  it("refuses what is no sample", () => {
    assert.throws(() => kolmogorovSmirnov([], [1]), /a is empty/);
    assert.throws(() => kolmogorovSmirnov([1], [Number.NaN]), /b holds NaN/);
  });
});
