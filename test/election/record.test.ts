import fc from "fast-check";
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  decodeRecord,
  type DurableRecord,
  encodeRecord,
  firstRecord,
} from "../../src/election/mod.ts";

const record: DurableRecord = {
  epoch: 7,
  votedFor: "pêer-2",
  config: { epoch: 1, version: 2, voters: ["p1", "pêer-2", "p3"] },
  incarnation: 4,
};

const text = (value: string): Uint8Array => new TextEncoder().encode(value);

test("a record comes back as it was written", () => {
  assert.deepEqual(decodeRecord(encodeRecord(record, "p1"), "p1"), { kind: "ok", record });
  const first = firstRecord(["p1"]);
  assert.deepEqual(decodeRecord(encodeRecord(first, "p1"), "p1"), { kind: "ok", record: first });
});

test("any record comes back as it was written", () => {
  const names = fc.uniqueArray(fc.string({ minLength: 1, unit: "grapheme" }), { minLength: 1 });
  fc.assert(fc.property(names, fc.nat(), fc.nat(), (voters, epoch, incarnation) => {
    const any = {
      epoch,
      votedFor: voters[0],
      config: { epoch: 0, version: 1, voters },
      incarnation,
    };
    assert.deepEqual(decodeRecord(encodeRecord(any, voters[0]!), voters[0]!), {
      kind: "ok",
      record: any,
    });
  }));
});

test("a missing record is told from a torn one", () => {
  assert.deepEqual(decodeRecord(undefined, "p1"), { kind: "missing" });
  assert.equal(decodeRecord(new Uint8Array(), "p1").kind, "torn");
});

test("a record that was cut anywhere is torn", () => {
  const bytes = encodeRecord(record, "p1");
  for (let length = 0; length < bytes.length; length++) {
    assert.equal(decodeRecord(bytes.subarray(0, length), "p1").kind, "torn", `cut at ${length}`);
  }
  const zeroed = bytes.slice();
  zeroed.fill(0, 40);
  assert.equal(decodeRecord(zeroed, "p1").kind, "torn");
});

test("a record with any flipped bit is torn", () => {
  const bytes = encodeRecord(record, "p1");
  for (let bit = 0; bit < bytes.length * 8; bit++) {
    const flipped = bytes.slice();
    flipped[bit >> 3]! ^= 1 << (bit & 7);
    assert.equal(decodeRecord(flipped, "p1").kind, "torn", `bit ${bit}`);
  }
});

test("another peer's record is foreign", () => {
  assert.deepEqual(decodeRecord(encodeRecord(record, "p1"), "p2"), {
    kind: "foreign",
    owner: "p1",
  });
});

test("a whole record of a newer program is newer, not torn", () => {
  const bytes = text("troupe-election 2 96cecb25 something else\n");
  const version = decodeRecord(bytes, "p1");
  assert.deepEqual(version, { kind: "newer", version: 2 });
});

test("a whole record with impossible contents is torn", () => {
  const bad: readonly object[] = [
    { epoch: -1 },
    { epoch: 1.5 },
    { incarnation: -1 },
    { config: { epoch: 0, version: 1, voters: [] } },
    { config: { epoch: 0, version: 1, voters: ["p1", "p1"] } },
    { config: { epoch: 0, version: -1, voters: ["p1"] } },
  ];
  for (const part of bad) {
    const bytes = encodeRecord({ ...record, ...part } as DurableRecord, "p1");
    assert.equal(decodeRecord(bytes, "p1").kind, "torn", JSON.stringify(part));
  }
});
