import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { PeerUnderTest } from "./hunt.ts";
import { hunt, run } from "./hunt.ts";
import { carelessPeer, discouragedPeer, forgetfulPeer } from "./peers.ts";

const SEEDS = Array.from({ length: 30 }, (_, i) => i + 1);

const bugs: readonly [string, PeerUnderTest, RegExp][] = [
  [
    "a vote that is not persisted",
    forgetfulPeer as PeerUnderTest,
    /boots with|votes twice|win epoch/,
  ],
  ["a buffer that is used after its transfer", carelessPeer as PeerUnderTest, /incomplete/],
  ["a timer that is not set again", discouragedPeer as PeerUnderTest, /No tracker/],
];

describe("a bug that is planted in a copy of a peer", () => {
  for (const [what, peer, expected] of bugs) {
    it(`is found: ${what}; and its seed finds it again, byte for byte`, async () => {
      const found = await hunt(peer, SEEDS);
      assert.ok(found?.violation !== undefined, `none of ${SEEDS.length} seeds found it`);
      assert.match(found.violation, expected);
      const again = await run(peer, found.seed);
      assert.equal(again.violation, found.violation);
      assert.ok(again.trace === found.trace, "the traces differ");
    });
  }

  it("is not found where there is none", async () => {
    assert.equal((await hunt(undefined, SEEDS.slice(0, 12)))?.violation, undefined);
  });
});
