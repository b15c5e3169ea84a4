import { InvalidOptionError } from "../../actor/mod.ts";
import type { StepFunction } from "../../election/mod.ts";
import { type Protocol, stepOf } from "../../election/mod.ts";
import { leaseFromReceiveTime, noBootStickiness, noCheckQuorum, noStickiness } from "./leases.ts";
import type { Mutant } from "./mutant.ts";
import { nameOfALoser } from "./names.ts";
import {
  cedeFromAnyRole,
  cedeWithoutWithdrawing,
  voteClearedOnFollow,
  voteClearedOnStepDown,
  voteNotPersisted,
} from "./votes.ts";

/** Every mutant that a scenario can name. */
export const MUTANTS: readonly Mutant[] = [
  cedeFromAnyRole,
  cedeWithoutWithdrawing,
  voteNotPersisted,
  voteClearedOnStepDown,
  voteClearedOnFollow,
  leaseFromReceiveTime,
  noBootStickiness,
  noStickiness,
  noCheckQuorum,
  nameOfALoser,
];

/** @throws InvalidOptionError naming the mutants that there are */
export function mutantOf(name: string): Mutant {
  const mutant = MUTANTS.find((one) => one.name === name);
  if (mutant !== undefined) return mutant;
  const names = MUTANTS.map((one) => one.name).join(", ");
  throw new InvalidOptionError("mutant", name, `one of ${names}`);
}

/**
 * The rules of a cluster: its protocol's, with the bug of `mutant` if one is named.
 *
 * @throws InvalidOptionError
 */
export function stepWith(mutant: string | undefined, protocol: Protocol = "troupe"): StepFunction {
  const step = stepOf(protocol);
  return mutant === undefined ? step : mutantOf(mutant).mutate(step);
}
