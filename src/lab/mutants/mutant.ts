import type { StepFunction } from "../../election/mod.ts";
import type { VerifyOptions } from "../model/mod.ts";

/** An election with one bug in it, to learn on: what finds it, what it looks like, and how little it takes. */
export interface Mutant {
  /** As in `cluster.mutant` of a scenario. */
  readonly name: string;
  /** What is wrong with it, one sentence. */
  readonly says: string;
  /** The rules with the bug, given those without. */
  readonly mutate: (step: StepFunction) => StepFunction;
  /** Bounds in which the model checker finds it; undefined: it takes time, which the model has not. */
  readonly model?: VerifyOptions;
}
