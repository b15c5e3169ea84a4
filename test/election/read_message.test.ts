import assert from "node:assert/strict";
import { test } from "node:test";
import { readMessage } from "../../src/election/mod.ts";

const heartbeat = {
  kind: "HB",
  epoch: 3,
  uri: "troupe:peer-1",
  incarnation: 1,
  configEpoch: 0,
  configVersion: 1,
  seq: 7,
};

test("a message is taken as it is", () => {
  assert.equal(readMessage(heartbeat), heartbeat);
});

test("anything else is none: wrong kinds, missing fields, fractions, negatives, absurd epochs", () => {
  const wrong: unknown[] = [
    undefined,
    null,
    7,
    "HB",
    [],
    {},
    { ...heartbeat, kind: "constructor" },
    { ...heartbeat, kind: "VOTE_R" },
    { ...heartbeat, epoch: -1 },
    { ...heartbeat, epoch: 1.5 },
    { ...heartbeat, epoch: Number.MAX_SAFE_INTEGER },
    { ...heartbeat, epoch: NaN },
    { ...heartbeat, seq: "7" },
    { ...heartbeat, uri: 1 },
    { ...heartbeat, uri: "x".repeat(2_000) },
  ];
  for (const value of wrong) assert.equal(readMessage(value), undefined, JSON.stringify(value));
});
