import assert from "node:assert/strict";
import { test } from "node:test";
import { nextLag } from "../../src/peer/lag_meter.ts";

test("a timer that is late by a tenth of the shortest timeout is lag, and timely ones take it back by and by", () => {
  assert.equal(nextLag(0, 14, 150), 0);
  assert.equal(nextLag(0, 15, 150), 15);
  assert.equal(nextLag(0, 16, 150), 30);
  const lags = [nextLag(15, 100, 150)];
  while (lags.at(-1)! > 0) lags.push(nextLag(lags.at(-1)!, 0, 150));
  assert.deepEqual(lags, [120, 60, 30, 15, 0]);
});

test("what every timer is late by is no lag, however short the timeouts", () => {
  assert.equal(nextLag(0, 1.9, 15), 0);
  assert.equal(nextLag(0, 2, 15), 2);
});
