import type { LinkRule } from "../runtime/mod.ts";
import { CLEAR } from "../runtime/mod.ts";
import type { LinkFault } from "./faults.ts";

/** A fault that lasts, on some ordered pairs of peers. */
export interface LinkChange {
  readonly pairs: readonly (readonly [from: string, to: string])[];
  readonly fault: LinkFault;
}

/** How messages travel from one peer to another. */
export interface PairRule {
  readonly from: string;
  readonly to: string;
  readonly rule: LinkRule;
}

/**
 * What faults on one link come to together, in whatever order they began: delays and jitters add up, what is lost, doubled or overtaken
 * by one or by another is `1 - (1 - a)(1 - b)`, and one that blocks or holds is enough.
 */
export function combined(faults: Iterable<LinkFault>): LinkRule {
  const rule = { ...CLEAR };
  for (const fault of faults) {
    rule.delay += fault.delay ?? 0;
    rule.jitter += fault.jitter ?? 0;
    rule.loss = either(rule.loss, fault.loss);
    rule.duplication = either(rule.duplication, fault.duplication);
    rule.reordering = either(rule.reordering, fault.reordering);
    rule.blocked ||= fault.blocked ?? false;
    rule.held ||= fault.held ?? false;
  }
  return rule;
}

/** Of two parts that are independent of each other, what at least one strikes. */
function either(a: number, b: number = 0): number {
  if (a === 0) return b;
  return b === 0 ? a : 1 - (1 - a) * (1 - b);
}

/** The rules of the pairs that `concerned` names, while the faults of `changes` last. */
export function rulesOf(
  changes: readonly LinkChange[],
  concerned: readonly (readonly [from: string, to: string])[],
): PairRule[] {
  const faults = new Map<string, LinkFault[]>(concerned.map(([from, to]) => [keyOf(from, to), []]));
  for (const { pairs, fault } of changes) {
    for (const [from, to] of pairs) faults.get(keyOf(from, to))?.push(fault);
  }
  return concerned.map(([from, to]) => ({
    from,
    to,
    rule: combined(faults.get(keyOf(from, to)) ?? []),
  }));
}

function keyOf(from: string, to: string): string {
  return `${from}>${to}`;
}

/** Every ordered pair of one of `from` and one of `to`, once; nobody has a link to itself. */
export function pairsBetween(
  from: readonly string[],
  to: readonly string[],
): (readonly [string, string])[] {
  const [starts, ends] = [[...new Set(from)], [...new Set(to)]];
  return starts.flatMap((a) => ends.filter((b) => b !== a).map((b) => [a, b] as const));
}

/**
 * The ordered pairs of `peers` between which no message passes when they are parted into `groups`. Who is in no group is alone; who
 * is in several is a bridge between them. `oneWay`: earlier groups are heard by later ones, and do not hear them.
 */
export function partedPairs(
  peers: readonly string[],
  groups: readonly (readonly string[])[],
  oneWay: boolean,
): (readonly [string, string])[] {
  const passes = (from: string, to: string): boolean =>
    groups.some((group, i) =>
      group.includes(from) &&
      (group.includes(to) || oneWay && groups.slice(i + 1).some((later) => later.includes(to)))
    );
  return pairsBetween(peers, peers).filter(([from, to]) => !passes(from, to));
}
