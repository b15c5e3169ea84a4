import assert from "node:assert/strict";
import { join } from "node:path";
import { describe, it } from "node:test";
import { step } from "../../../src/election/mod.ts";
import { Campaign } from "../../../src/lab/elections/mod.ts";
import { verify } from "../../../src/lab/model/mod.ts";
import { tempDir } from "../../support/temp_dir.ts";
import { MUTANTS } from "./mutants.ts";
import { stepOfMutant } from "./mutate.ts";

/** More than any of them takes, and few enough to notice when one gets harder to find. */
const MOST_SEEDS = 30_000;

describe("every mutant of the election is found", () => {
  for (const mutant of MUTANTS) {
    const { name, model } = mutant;
    it(`${name}, by ${model === undefined ? "random runs" : "the model checker"}`, async (t) => {
      await using dir = await tempDir();
      const broken = await stepOfMutant(mutant, join(dir.path, "mutant"));
      if (model === undefined) {
        const campaign = new Campaign(broken);
        for (let seed = 1; seed <= MOST_SEEDS; seed++) {
          const failure = campaign.run(seed);
          if (failure === undefined) continue;
          return t.diagnostic(`seed ${seed}: ${failure.invariant}: ${failure.message}`);
        }
        assert.fail(`not found by ${MOST_SEEDS} seeds`);
      }
      const { verdict, states, violation } = verify({ ...model, step: broken });
      assert.equal(verdict, "violated", `${states} states`);
      t.diagnostic(`${states} states: ${violation?.invariant}: ${violation?.message}`);
    });
  }

  it("and the election itself is not, in the same bounds", () => {
    for (const { model } of MUTANTS) {
      if (model !== undefined) assert.equal(verify({ ...model, step }).verdict, "holds");
    }
  });
});
