import assert from "node:assert/strict";
import { test } from "node:test";
import type { BeatHistory } from "../../src/runtime/threads/phi.ts";
import { firstHistory, phi, recordInterval, suspectAfter } from "../../src/runtime/threads/phi.ts";

/** Mean 1 000, deviation 100. */
const PEKKO: BeatHistory = [900, 1_100];

function near(actual: number, expected: number, by: number): void {
  assert.ok(Math.abs(actual - expected) <= by, `${actual} is not ${expected} ± ${by}`);
}

test("phi has the values of Pekko's own test", () => {
  const expected = [[0, 0], [500, 0.1], [1_000, 0.3], [1_200, 1.6], [1_400, 4.7], [1_600, 10.8]];
  for (const [silent, value] of expected as [number, number][]) {
    near(phi(PEKKO, silent, 0), value, 0.1);
  }
  near(phi(PEKKO, 1_700, 0), 15.3, 0.1);
});

test("a steady beat of 250 ms is suspected after 1.38 s, Pekko's defaults after 4.52 s", () => {
  const steady = new Array<number>(200).fill(250);
  near(suspectAfter(steady, { threshold: 8, acceptablePauseMs: 1_000 }), 1_380, 5);
  near(suspectAfter(PEKKO, { threshold: 8, acceptablePauseMs: 3_000 }), 4_520, 5);
});

test("suspicion begins exactly where phi reaches the threshold", () => {
  for (const threshold of [0.1, 1, 3, 8, 16, 300]) {
    for (const history of [firstHistory(250), PEKKO, [20, 20]]) {
      const at = suspectAfter(history, { threshold, acceptablePauseMs: 500 });
      assert.ok(phi(history, at + 1e-6, 500) >= threshold);
      assert.ok(phi(history, at - 1e-3, 500) < threshold);
    }
  }
});

test("a history begins with two beats a quarter around what is expected", () => {
  assert.deepEqual(firstHistory(1_000), [750, 1_250]);
  // sigma = 62.5 ms for a beat of 250 ms.
  near(suspectAfter(firstHistory(250), { threshold: 8, acceptablePauseMs: 1_000 }), 1_577, 5);
});

test("an uneven beat is suspected later, an even one never sooner than sigma = 25 ms allows", () => {
  const options = { threshold: 8, acceptablePauseMs: 0 };
  const even = suspectAfter([250, 250], options);
  assert.equal(even, suspectAfter([240, 260], options));
  assert.ok(suspectAfter([200, 300], options) > even);
});

test("phi only grows with the silence, and is a number however long that is", () => {
  let last = 0;
  for (let silent = 0; silent < 10_000; silent += 10) {
    const now = phi([250, 250], silent, 1_000);
    assert.ok(now >= last, `at ${silent} ms`);
    last = now;
  }
  assert.ok(Number.isFinite(phi([250, 250], 1e9, 1_000)));
});

test("a history keeps the last 200 intervals", () => {
  let history = firstHistory(250);
  for (let n = 0; n < 500; n++) history = recordInterval(history, n);
  assert.equal(history.length, 200);
  assert.deepEqual([history[0], history.at(-1)], [300, 499]);
});
