import assert from "node:assert/strict";
import { test } from "node:test";
import { nextLag } from "../../src/peer/lag_meter.ts";

test("a timer that is late by a quarter of the shortest timeout is lag, and timely ones take it back by and by", () => {
  assert.equal(nextLag(0, 37, 150), 0);
  assert.equal(nextLag(0, 37.5, 150), 37.5);
  assert.equal(nextLag(0, 38, 150), 75);
  const lags = [nextLag(37.5, 200, 150)];
  while (lags.at(-1)! > 0) lags.push(nextLag(lags.at(-1)!, 0, 150));
  assert.deepEqual(lags, [300, 150, 75, 37.5, 0]);
});

test("what every timer is late by is no lag, however short the timeouts", () => {
  assert.equal(nextLag(0, 1.9, 6), 0);
  assert.equal(nextLag(0, 2, 6), 2);
});
