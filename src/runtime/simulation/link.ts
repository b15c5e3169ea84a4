import { Draws } from "./draws.ts";
import { isPlain, type LinkRules } from "./link_rules.ts";

/** Purposes of a message's draws. */
const LATENCY = 0;
const LOSS = 1;
const DUPLICATION = 2;
const SECOND_LATENCY = 3;
const REORDERING = 4;
const EXTRA_LATENCY = 5;
/** Added to the purpose of a latency, for its jitter. */
const JITTER = 8;

/** Puts a message down to arrive at `at`; `copy` where it is the second time. */
export type Arrive<T> = (at: number, message: T, copy: boolean) => void;

/**
 * One direction between two places. In order, unless its rules ask for reordering: what is sent later does not arrive
 * before. Each message has draws of its own, by its number on this link.
 */
export class Link<T> {
  readonly #draws: Draws;
  readonly #arrive: Arrive<T>;
  #rules: LinkRules;
  /** Whether messages only travel: most links do nothing else most of the time. */
  #plain: boolean;
  #sent = 0;
  /** Nothing that keeps the order arrives before. */
  #last = 0;
  #waiting: { readonly n: number; readonly message: T; readonly reliable: boolean }[] = [];

  /** @param key names seed and link, see {@linkcode Draws} */
  constructor(key: string, rules: LinkRules, arrive: Arrive<T>) {
    this.#draws = new Draws(key);
    this.#rules = rules;
    this.#plain = isPlain(rules);
    this.#arrive = arrive;
  }

  get rules(): LinkRules {
    return this.#rules;
  }

  /** Messages that are held back. */
  get waiting(): number {
    return this.#waiting.length;
  }

  /** Messages sent so far, the lost ones too. */
  get sent(): number {
    return this.#sent;
  }

  /** From `now` on `rules` hold. What waited goes out if they let it. */
  change(rules: LinkRules, now: number): void {
    this.#rules = rules;
    this.#plain = isPlain(rules);
    if (rules.held || this.#waiting.length === 0) return;
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const { n, message, reliable } of waiting) this.#pass(now, n, message, reliable);
  }

  /**
   * Sends `message` at `now`. A `reliable` one knows nothing of faults but that it waits where the link is blocked or
   * held. Gives whether it is on its way or waits; false: it is lost.
   */
  send(now: number, message: T, reliable: boolean = false): boolean {
    return this.#pass(now, this.#sent++, message, reliable);
  }

  #pass(now: number, n: number, message: T, reliable: boolean): boolean {
    if (this.#plain) {
      this.#carry(now, n, message);
      return true;
    }
    const { held, blocked, loss } = this.#rules;
    if (held || (blocked && reliable)) {
      this.#waiting.push({ n, message, reliable });
      return true;
    }
    if (reliable) this.#carry(now, n, message);
    else if (blocked || (loss > 0 && this.#draws.at(n, LOSS) < loss)) return false;
    else this.#carryRoughly(now, n, message);
    return true;
  }

  #carry(now: number, n: number, message: T): void {
    const at = now + this.#travel(n, LATENCY);
    if (at > this.#last) this.#last = at;
    this.#arrive(this.#last, message, false);
  }

  #carryRoughly(now: number, n: number, message: T): void {
    const { reordering, duplication } = this.#rules;
    if (reordering > 0 && this.#draws.at(n, REORDERING) < reordering) {
      const extra = this.#travel(n, EXTRA_LATENCY);
      this.#arrive(now + this.#travel(n, LATENCY) + extra, message, false);
    } else this.#carry(now, n, message);
    if (duplication > 0 && this.#draws.at(n, DUPLICATION) < duplication) {
      const again = this.#travel(n, SECOND_LATENCY);
      this.#arrive(now + this.#travel(n, LATENCY) + again, message, true);
    }
  }

  #travel(n: number, purpose: number): number {
    const { latency, delay, jitter } = this.#rules;
    const travel = latency(this.#draws.at(n, purpose)) + delay;
    return jitter > 0 ? travel + jitter * this.#draws.at(n, purpose + JITTER) : travel;
  }

  /** Of what waits, what is `lost` is. Gives when the last message that is under way arrives, `now` at the soonest. */
  close(now: number, lost: (message: T) => boolean): number {
    this.#waiting = this.#waiting.filter(({ message }) => !lost(message));
    return Math.max(now, this.#last);
  }
}
