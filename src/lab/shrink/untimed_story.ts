import { storyLines, verify } from "../model/mod.ts";
import { mutantOf, stepWith } from "../mutants/mod.ts";

/** States after which nobody waits any longer. */
const MOST_STATES = 500_000;

/**
 * The shortest way to go wrong without any clock: what the model checker finds for a mutant, line by line; undefined where its bug is
 * about time.
 *
 * @throws InvalidOptionError if there is no such mutant
 */
export function untimedStory(mutant: string): readonly string[] | undefined {
  const { model } = mutantOf(mutant);
  if (model === undefined) return undefined;
  const { violation } = verify({ ...model, step: stepWith(mutant) }, MOST_STATES);
  return violation &&
    [`${violation.invariant}: ${violation.message}`, ...storyLines(violation.story)];
}
