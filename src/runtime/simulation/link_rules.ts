import { InvalidOptionError } from "../../actor/mod.ts";
import type { Latency } from "./latency.ts";

/** How one direction of a link carries messages. */
export interface LinkRules {
  /** How long a message travels. */
  readonly latency: Latency;
  /** The part of the messages that is lost, 0 to 1. */
  readonly loss: number;
  /** The part that arrives twice, 0 to 1. */
  readonly duplication: number;
  /** The part that travels twice as long as drawn and holds back nobody, 0 to 1: those sent later may overtake it. */
  readonly reordering: number;
  /** Nothing gets through: what is sent is lost. */
  readonly blocked: boolean;
  /** Nothing gets through: what is sent waits until it is not held any more. */
  readonly held: boolean;
}

/** Rules that change nothing but the time that `latency` takes. */
export function cleanRules(latency: Latency): LinkRules {
  return { latency, loss: 0, duplication: 0, reordering: 0, blocked: false, held: false };
}

/** `rules` with `changes`. @throws InvalidOptionError naming the rule */
export function changedRules(rules: LinkRules, changes: Partial<LinkRules>): LinkRules {
  const changed = { ...rules, ...changes };
  for (const name of ["loss", "duplication", "reordering"] as const) {
    const part = changed[name];
    if (!(part >= 0 && part <= 1)) throw new InvalidOptionError(name, part, "a number 0 to 1");
  }
  return changed;
}
