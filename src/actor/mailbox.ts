import { InvalidOptionError } from "./errors.ts";
import { Fifo } from "./fifo.ts";
import type { MailboxOptions, Overflow } from "./options.ts";

/** What became of a message that was offered to a full mailbox, or `taken` by one that had room. */
export type Offer<T> =
  | { readonly kind: "taken" }
  | { readonly kind: "refused" }
  | { readonly kind: "dropped"; readonly message: T }
  | { readonly kind: "stop" };

const TAKEN = Object.freeze({ kind: "taken" as const });

/**
 * The queue in front of an actor: FIFO, bounded, with a system lane that goes first and knows no bound.
 * News of deaths and timers are exempt from the bound but keep their place in the user lane, so that what an
 * actor sent before it died is handled before its DOWN.
 */
export class Mailbox<T> {
  readonly capacity: number;
  readonly #overflow: Overflow;
  readonly #system = new Fifo<T>();
  readonly #user = new Fifo<T>();
  #exempt = 0;
  #peak = 0;
  #dropped = 0;

  /** @throws InvalidOptionError naming the option */
  constructor(options: MailboxOptions = {}) {
    const { capacity = Infinity, overflow = "drop_newest" } = options;
    if (!(capacity === Infinity || (Number.isInteger(capacity) && capacity >= 1))) {
      throw new InvalidOptionError(
        "mailbox.capacity",
        capacity,
        "a whole number from 1, or Infinity",
      );
    }
    if (!["drop_newest", "drop_oldest", "stop", "wait"].includes(overflow)) {
      throw new InvalidOptionError(
        "mailbox.overflow",
        overflow,
        "drop_newest, drop_oldest, stop or wait",
      );
    }
    this.capacity = capacity;
    this.#overflow = overflow;
  }

  get size(): number {
    return this.#user.size + this.#system.size;
  }

  /** The most messages that ever waited in the user lane. */
  get peak(): number {
    return this.#peak;
  }

  /** Messages that the bound cost. */
  get dropped(): number {
    return this.#dropped;
  }

  /** Whether a message more would be refused, or cost another one. */
  get full(): boolean {
    return !this.waits && this.#user.size - this.#exempt >= this.capacity;
  }

  /** Whether its senders wait where others refuse or drop. What comes nevertheless is taken. */
  get waits(): boolean {
    return this.#overflow === "wait";
  }

  /** Offers a user message; the rule for overflow decides what a full mailbox does. */
  offer(message: T, droppable: (waiting: T) => boolean): Offer<T> {
    if (!this.full) {
      this.#push(message);
      return TAKEN;
    }
    if (this.#overflow === "stop") return { kind: "stop" };
    this.#dropped++;
    if (this.#overflow === "drop_newest") return { kind: "refused" };
    const oldest = this.#user.remove(droppable);
    if (oldest === undefined) return { kind: "refused" };
    this.#push(message);
    return { kind: "dropped", message: oldest };
  }

  /** Counts a message that a full mailbox refused elsewhere. */
  countDropped(): void {
    this.#dropped++;
  }

  /** Queues in order, whatever the bound says. */
  exempt(message: T): void {
    this.#exempt++;
    this.#push(message);
  }

  /** Queues in front of all user messages. */
  system(message: T): void {
    this.#system.push(message);
  }

  take(isExempt: (message: T) => boolean): T | undefined {
    const message = this.#system.shift();
    if (message !== undefined) return message;
    const user = this.#user.shift();
    if (user !== undefined && isExempt(user)) this.#exempt--;
    return user;
  }

  /** Takes out the first user message that `matches`. */
  remove(matches: (message: T) => boolean, isExempt: (message: T) => boolean): T | undefined {
    const message = this.#user.remove(matches);
    if (message !== undefined && isExempt(message)) this.#exempt--;
    return message;
  }

  #push(message: T): void {
    this.#user.push(message);
    const size = this.#user.size - this.#exempt;
    if (size > this.#peak) this.#peak = size;
  }
}
