import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { refusalOfBare, runBare } from "../../../src/lab/bare/mod.ts";
import { fuzzSchedule } from "../../../src/lab/fuzz/mod.ts";
import { stepWith } from "../../../src/lab/mutants/mod.ts";
import type { Schedule } from "../../../src/lab/scenario/mod.ts";

const seeds = Array.from({ length: 300 }, (_, i) => i + 1);
const drawn = (seed: number, mutant?: string): Schedule =>
  fuzzSchedule(seed, { electionsOnly: true, ...(mutant !== undefined && { mutant }) });

describe("a schedule on bare elections", () => {
  it("breaks nothing of the election that runs, whatever is drawn", () => {
    for (const seed of seeds) {
      assert.equal(
        runBare(drawn(seed), String(seed), stepWith(undefined)),
        undefined,
        `seed ${seed}`,
      );
    }
  });

  it("breaks mutants, the same way each time", () => {
    const broken = (mutant: string): (string | undefined)[] =>
      seeds.map((seed) => runBare(drawn(seed, mutant), String(seed), stepWith(mutant)));
    for (
      const [mutant, invariant] of [["no-stickiness", "I6"], ["cede-without-withdrawing", "I4"]]
    ) {
      const found = broken(mutant!);
      assert.ok(found.includes(invariant), `${mutant} never broke ${invariant}`);
      assert.deepEqual(broken(mutant!), found);
    }
  });

  it("breaks nothing that it does not look for", () => {
    const first = seeds.find((seed) =>
      runBare(drawn(seed), String(seed), stepWith("no-stickiness"), ["I6"]) === "I6"
    )!;
    assert.equal(
      runBare(drawn(first), String(first), stepWith("no-stickiness"), ["I4"]),
      undefined,
    );
  });

  it("misses a tracker that cannot be elected", () => {
    const alone: Schedule = {
      ...drawn(1),
      cluster: { peers: 3 },
      faults: [
        {
          id: "f1",
          when: { at: 5 },
          verb: "crash",
          who: ["peer-1", "peer-2"],
          with: { stay: true },
        },
      ],
    };
    assert.equal(runBare(alone, "1", stepWith(undefined)), "L1");
    assert.equal(runBare({ ...alone, faults: [] }, "1", stepWith(undefined)), undefined);
  });

  it("is refused where it needs more than an election, by name", () => {
    const clock: Schedule = {
      ...drawn(1),
      faults: [{ id: "f1", when: { at: 5 }, verb: "clock", with: { rate: 2 } }],
    };
    assert.equal(refusalOfBare(clock, "I1"), "a bare election knows no clock");
    assert.equal(
      refusalOfBare(drawn(1), "catalogue-truth"),
      "catalogue-truth is not about elections",
    );
    assert.equal(refusalOfBare(drawn(1), "I6"), undefined);
  });
});
