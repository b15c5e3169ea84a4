import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { verify } from "../../src/lab/model/mod.ts";

/** What a run must be able to show, or the check proves nothing. */
const LIVELY = ["win", "cede", "grant", "stepdown", "lease_lost", "follow", "forget", "persisted"];

describe("the model checker", () => {
  for (
    const bounds of [
      { peers: 1, epochs: 3, restarts: 2 },
      { peers: 2, epochs: 3, restarts: 1 },
      { peers: 3, epochs: 2, restarts: 1 },
      { peers: 3, epochs: 2, writes: 3 },
      { peers: 3, epochs: 2, wipes: 1 },
      { peers: 3, epochs: 2, diskFaults: 1 },
    ]
  ) {
    it(`finds nothing wrong with the election: ${JSON.stringify(bounds)}`, () => {
      const { verdict, left, violation } = verify(bounds);
      assert.deepEqual([verdict, left, violation], ["holds", 0, undefined]);
    });
  }

  it("does not prove it of peers that do nothing", () => {
    const { seen } = verify({ peers: 3, epochs: 2 });
    for (const tag of LIVELY) assert.ok(seen.includes(tag), `${tag} in ${seen}`);
  });

  it("tells how the seed's voting elects two trackers of one epoch, in six steps", () => {
    const { verdict, violation } = verify({ protocol: "seed-literal" });
    assert.equal(verdict, "violated");
    assert.equal(violation?.invariant, "I1");
    const { story } = violation!;
    assert.deepEqual(story.map(({ peer }) => peer), ["A", "B", "C", "B", "B", "A"]);
    const does = story.map((told) => told.does.join("; "));
    assert.match(does[3]!, /is TRACKER of epoch 1 with B, C/);
    assert.match(does[4]!, /CEDES its own vote to A/);
    assert.match(does[5]!, /is TRACKER of epoch 1 with A, B/);
  });

  it("sees that a quorum which is no majority elects two", () => {
    const { violation } = verify({ peers: 3, epochs: 1, election: { quorum: 1, unsafe: true } });
    assert.match(String(violation?.invariant), /^I[13]$/);
  });

  it("says that it is unfinished where it was stopped", () => {
    const { verdict, left } = verify({ peers: 3, epochs: 2 }, 100);
    assert.equal(verdict, "unfinished");
    assert.ok(left > 0);
  });

  for (
    const [options, says] of [
      [{ peers: 0 }, /peers is 0, expected a whole number from 1 to 7/],
      [{ epochs: 1.5 }, /epochs is 1.5/],
      [{ protocol: "raft" as never }, /protocol is "raft", expected troupe or seed-literal/],
      [{ invariants: ["I6"] }, /invariants is "I6", expected some of I1/],
    ] as const
  ) {
    it(`refuses ${JSON.stringify(options)}`, () => {
      assert.throws(() => verify(options), { code: "invalid_option", message: says });
    });
  }
});
