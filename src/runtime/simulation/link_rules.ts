import { InvalidOptionError } from "../../actor/mod.ts";
import type { LinkRule } from "../threads/link_rule.ts";
import { CLEAR } from "../threads/link_rule.ts";
import type { Latency } from "./latency.ts";

/** How one direction of a link carries messages. What others may overtake travels twice as long as drawn and holds back nobody. */
export interface LinkRules extends LinkRule {
  /** How long a message travels, without faults. */
  readonly latency: Latency;
}

/** Rules that change nothing but the time that `latency` takes. */
export function cleanRules(latency: Latency): LinkRules {
  return { ...CLEAR, latency };
}

/** Whether `rules` do nothing to messages but let them travel: all that are sent together may then travel together. */
export function isPlain({ loss, duplication, reordering, blocked, held }: LinkRules): boolean {
  return loss === 0 && duplication === 0 && reordering === 0 && !blocked && !held;
}

/** `rules` with `changes`. @throws InvalidOptionError naming the rule */
export function changedRules(rules: LinkRules, changes: Partial<LinkRules>): LinkRules {
  // Spelt out, since engines copy fields by name much faster than by spread, and faults change rules by the million.
  const changed: LinkRules = {
    latency: changes.latency ?? rules.latency,
    delay: changes.delay ?? rules.delay,
    jitter: changes.jitter ?? rules.jitter,
    loss: changes.loss ?? rules.loss,
    duplication: changes.duplication ?? rules.duplication,
    reordering: changes.reordering ?? rules.reordering,
    blocked: changes.blocked ?? rules.blocked,
    held: changes.held ?? rules.held,
  };
  for (const name of ["loss", "duplication", "reordering"] as const) {
    const part = changed[name];
    if (!(part >= 0 && part <= 1)) throw new InvalidOptionError(name, part, "a number 0 to 1");
  }
  for (const name of ["delay", "jitter"] as const) {
    const ms = changed[name];
    if (!(ms >= 0 && ms < Infinity)) {
      throw new InvalidOptionError(name, ms, "a number of milliseconds from 0");
    }
  }
  return changed;
}
