import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Campaign } from "../../../src/lab/elections/mod.ts";
import { mutantOf, MUTANTS, stepWith } from "../../../src/lab/mutants/mod.ts";
import { verify } from "../../../src/lab/model/mod.ts";

/** More than any of them takes: a tracker that stays in office without a quorum is found by one seed in 3,000. */
const MOST_SEEDS = 30_000;

describe("every mutant that a scenario can name", () => {
  for (const { name, model } of MUTANTS) {
    const step = stepWith(name);
    it(`is broken by random elections: ${name}`, (t) => {
      const campaign = new Campaign(step);
      for (let seed = 1; seed <= MOST_SEEDS; seed++) {
        const failure = campaign.run(seed);
        if (failure === undefined) continue;
        return t.diagnostic(`seed ${seed}: ${failure.invariant}: ${failure.message}`);
      }
      assert.fail(`not found by ${MOST_SEEDS} seeds`);
    });
    if (model === undefined) continue;
    it(`is broken in the model, too: ${name}`, () => {
      assert.equal(verify({ ...model, step }).verdict, "violated");
    });
  }

  it("is told apart from one that there is not", () => {
    assert.throws(() => mutantOf("cede"), /mutant is "cede", expected one of cede-from-any-role/);
  });
});
