import { Link } from "./link.ts";
import type { LinkRules } from "./link_rules.ts";
import { changedRules } from "./link_rules.ts";

/** A place that messages go from and to, as `peer-1`; `*` for every place. */
export type Place = string;

/** What arrived; `copy` where it is the second time. */
export type Received<T> = (from: Place, to: Place, at: number, message: T, copy: boolean) => void;

/** A change of rules, for links that are and that come to be. */
interface Change {
  readonly from: Place;
  readonly to: Place;
  readonly rules: Partial<LinkRules>;
}

/** The links between places, made on first use. Later changes of rules go over earlier ones. */
export class Network<T> {
  readonly #seed: string;
  readonly #rules: LinkRules;
  readonly #received: Received<T>;
  readonly #links = new Map<Place, Map<Place, Link<T>>>();
  #changes: Change[] = [];

  /** @param rules hold for all links that nothing else was said of */
  constructor(seed: string, rules: LinkRules, received: Received<T>) {
    this.#seed = seed;
    this.#rules = changedRules(rules, {});
    this.#received = received;
  }

  /** The link from `from` to `to`. */
  link(from: Place, to: Place): Link<T> {
    let links = this.#links.get(from);
    if (links === undefined) this.#links.set(from, links = new Map());
    let link = links.get(to);
    if (link === undefined) {
      link = new Link(
        `${this.#seed}/link/${from}>${to}`,
        this.#rulesOf(from, to),
        (at, message, copy) => this.#received(from, to, at, message, copy),
      );
      links.set(to, link);
    }
    return link;
  }

  #rulesOf(from: Place, to: Place): LinkRules {
    let rules = this.#rules;
    for (const change of this.#changes) {
      if (fits(change.from, from) && fits(change.to, to)) rules = { ...rules, ...change.rules };
    }
    return rules;
  }

  /** Changes the rules from `from` to `to`, one way; `*` stands for every place. @throws InvalidOptionError naming the rule */
  change(from: Place, to: Place, rules: Partial<LinkRules>, now: number): void {
    changedRules(this.#rules, rules);
    const covered = (change: Change): boolean =>
      fits(from, change.from) && fits(to, change.to) &&
      Object.keys(change.rules).every((name) => name in rules);
    this.#changes = this.#changes.filter((change) => !covered(change));
    this.#changes.push({ from, to, rules });
    for (const [start, links] of this.#links) {
      if (!fits(from, start)) continue;
      for (const [end, link] of links) {
        if (fits(to, end)) link.change({ ...link.rules, ...rules }, now);
      }
    }
  }

  /** No message passes between places of different `groups` any more. */
  partition(groups: readonly (readonly Place[])[], now: number): void {
    for (const [from, to] of across(groups)) this.change(from, to, { blocked: true }, now);
  }

  /** Undoes every change of rules. What waited goes out. */
  heal(now: number): void {
    this.#changes = [];
    for (const links of this.#links.values()) {
      for (const link of links.values()) link.change(this.#rules, now);
    }
  }

  /** `from` is gone: what waits on its links is lost. Gives when the last of its messages arrives at `to`. */
  close(from: Place, to: Place, now: number): number {
    return this.#links.get(from)?.get(to)?.close(now) ?? now;
  }
}

function fits(pattern: Place, place: Place): boolean {
  return pattern === "*" || pattern === place;
}

/** All ordered pairs of places that are in different groups. */
function* across(groups: readonly (readonly Place[])[]): Iterable<readonly [Place, Place]> {
  for (const group of groups) {
    for (const other of groups) {
      if (group === other) continue;
      for (const from of group) for (const to of other) yield [from, to];
    }
  }
}
