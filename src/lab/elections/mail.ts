import type { Latency } from "../../runtime/simulation/latency.ts";
import { type Arrive, Link } from "../../runtime/simulation/link.ts";
import { changedRules, cleanRules, type LinkRules } from "../../runtime/simulation/link_rules.ts";

/**
 * The links between all peers of a world. Each is made when it is first used: of a hundred million between ten thousand peers, an
 * election uses a few thousand.
 */
export class Mail<T> {
  readonly #key: string;
  readonly #clean: LinkRules;
  readonly #arriveAt: (to: number) => Arrive<T>;
  /** By sender, then by receiver. */
  readonly #links: readonly Map<number, Link<T>>[];

  /**
   * @param key names seed and world
   * @param latency of every link
   * @param arriveAt what the messages to a peer come to
   */
  constructor(
    key: string,
    peers: number,
    latency: Latency,
    arriveAt: (to: number) => Arrive<T>,
  ) {
    this.#key = key;
    this.#clean = cleanRules(latency);
    this.#arriveAt = arriveAt;
    this.#links = Array.from({ length: peers }, () => new Map<number, Link<T>>());
  }

  /** A `reliable` message knows nothing of faults but that it waits. */
  send(from: number, to: number, now: number, message: T, reliable: boolean = false): void {
    this.#link(from, to).send(now, message, reliable);
  }

  /** Changes how one direction carries messages. */
  change(from: number, to: number, changes: Partial<LinkRules>, now: number): void {
    const link = this.#link(from, to);
    link.change(changedRules(link.rules, changes), now);
  }

  /** All links as they were at the start. */
  heal(now: number): void {
    for (const links of this.#links) {
      for (const link of links.values()) link.change(this.#clean, now);
    }
  }

  #link(from: number, to: number): Link<T> {
    const links = this.#links[from]!;
    let link = links.get(to);
    if (link === undefined) {
      link = new Link(`${this.#key}/${from}>${to}`, this.#clean, this.#arriveAt(to));
      links.set(to, link);
    }
    return link;
  }
}
