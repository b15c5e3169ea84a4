import assert from "node:assert/strict";
import { test } from "node:test";
import {
  decideAdvance,
  decideClaim,
  decideRelease,
  epochName,
  epochOfName,
  type TrackerEntry,
} from "../../src/election/mod.ts";

const entry = (peerId: string, epoch: number): TrackerEntry => ({
  uri: `peer://${peerId}`,
  peerId,
  epoch,
});

test("a tracker's name holds its epoch, however high", () => {
  assert.equal(epochName(5), "p2p.tracker.epoch.5");
  assert.equal(epochOfName(epochName(101)), 101);
  for (const name of ["p2p.tracker.current", "p2p.tracker.epoch.", "p2p.tracker.epoch.05", "x"]) {
    assert.equal(epochOfName(name), undefined);
  }
});

test("the name of an epoch goes to the first, who may claim it again, and is never overwritten", () => {
  assert.deepEqual(decideClaim(undefined, entry("a", 3)), { kind: "insert" });
  assert.deepEqual(decideClaim(entry("a", 3), entry("a", 3)), { kind: "keep" });
  const owner = entry("b", 3);
  assert.deepEqual(decideClaim(owner, entry("a", 3)), { kind: "violation", owner });
});

test("the current tracker only moves to a higher epoch", () => {
  assert.deepEqual(decideAdvance(undefined, entry("a", 3)), { kind: "set" });
  assert.deepEqual(decideAdvance(entry("b", 2), entry("a", 3)), { kind: "set" });
  assert.deepEqual(decideAdvance(entry("a", 3), entry("a", 3)), { kind: "keep" });
  assert.deepEqual(decideAdvance(entry("b", 4), entry("a", 3)), { kind: "stale", epoch: 4 });
  const owner = entry("b", 3);
  assert.deepEqual(decideAdvance(owner, entry("a", 3)), { kind: "violation", owner });
});

test("a tracker withdraws its own name of its own epoch only", () => {
  assert.deepEqual(decideRelease(undefined, entry("a", 3)), { kind: "absent" });
  assert.deepEqual(decideRelease(entry("a", 3), entry("a", 3)), { kind: "delete" });
  for (const owner of [entry("b", 3), entry("a", 4)]) {
    assert.deepEqual(decideRelease(owner, entry("a", 3)), { kind: "not_mine", owner });
  }
});
