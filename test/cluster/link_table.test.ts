import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { CLEAR } from "../../src/runtime/mod.ts";
import type { LinkFault } from "../../src/cluster/mod.ts";
import { combined, pairsBetween, partedPairs, rulesOf } from "../../src/cluster/link_table.ts";

const PEERS = ["a", "b", "c", "d"];

const part = fc.double({ min: 0, max: 1, noNaN: true });
const ms = fc.integer({ min: 0, max: 1_000 });
const fault: fc.Arbitrary<LinkFault> = fc.record({
  delay: ms,
  jitter: ms,
  loss: part,
  duplication: part,
  reordering: part,
  blocked: fc.boolean(),
  held: fc.boolean(),
}, { requiredKeys: [] });
const someone = fc.subarray(PEERS);

/** Equal, but for the last digits of what is computed. */
function same(a: object, b: object): void {
  for (const [key, value] of Object.entries(a)) {
    const other = (b as Record<string, unknown>)[key];
    if (typeof value !== "number") assert.equal(value, other, key);
    else assert.ok(Math.abs(value - Number(other)) < 1e-9, `${key}: ${value} and ${other}`);
  }
}

test("faults come to the same in whatever order they began, and however they are grouped", () => {
  fc.assert(fc.property(fc.array(fault), fc.array(fault), (some, others) => {
    const all = combined([...some, ...others]);
    same(combined([...others, ...some]), all);
    same(combined([combined(some), combined(others)]), all);
  }));
});

test("no fault is as clear as none, and one alone is what it says", () => {
  fc.assert(fc.property(fault, (one) => {
    assert.deepEqual(combined([]), CLEAR);
    assert.deepEqual(combined([one, {}]), { ...CLEAR, ...one });
  }));
});

test("a fault more makes nothing better, and parts stay parts", () => {
  fc.assert(fc.property(fc.array(fault), fault, (some, one) => {
    const [before, after] = [combined(some), combined([...some, one])];
    for (const key of ["delay", "jitter", "loss", "duplication", "reordering"] as const) {
      assert.ok(after[key] >= before[key] - 1e-12, key);
    }
    for (const key of ["loss", "duplication", "reordering"] as const) {
      assert.ok(after[key] <= 1, `${key} ${after[key]}`);
    }
    assert.ok(after.blocked || !before.blocked);
    assert.ok(after.held || !before.held);
  }));
});

test("losses are independent of each other", () => {
  assert.ok(Math.abs(combined([{ loss: 0.5 }, { loss: 0.2 }]).loss - 0.6) < 1e-12);
});

test("a rule holds from whom to whom it was told, and no other way", () => {
  fc.assert(fc.property(someone, someone, fault, (from, to, one) => {
    const pairs = pairsBetween(from, to);
    const rules = rulesOf([{ pairs, fault: one }], pairsBetween(PEERS, PEERS));
    assert.equal(rules.length, PEERS.length * (PEERS.length - 1));
    for (const { from: a, to: b, rule } of rules) {
      const struck = from.includes(a) && to.includes(b);
      assert.deepEqual(rule, struck ? { ...CLEAR, ...one } : CLEAR);
    }
  }));
});

test("peers that share a group hear each other, all others do not", () => {
  fc.assert(fc.property(fc.array(someone, { maxLength: 3 }), (groups) => {
    const parted = new Set(partedPairs(PEERS, groups, false).map(([a, b]) => `${a}${b}`));
    for (const a of PEERS) {
      for (const b of PEERS.filter((peer) => peer !== a)) {
        const together = groups.some((group) => group.includes(a) && group.includes(b));
        assert.equal(parted.has(`${a}${b}`), !together);
        assert.equal(parted.has(`${b}${a}`), !together);
      }
    }
  }));
});

test("one way, earlier groups are heard by later ones and do not hear them", () => {
  const parted = partedPairs(PEERS, [["a", "b"], ["c"]], true).map(([a, b]) => `${a}${b}`);
  assert.deepEqual(parted, ["ad", "bd", "ca", "cb", "cd", "da", "db", "dc"]);
});
