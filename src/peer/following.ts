import type { Clock } from "../actor/mod.ts";
import { ActorError } from "../actor/mod.ts";
import type { CatalogueDesk } from "./catalogue_desk.ts";
import type { Directory } from "./directory.ts";
import { NoTrackerError, NotTrackerError } from "./errors.ts";
import type { FindAnswer, PeerRef } from "./protocol.ts";

/** Milliseconds that a question looks for a tracker that answers it. */
const PATIENCE = 5_000;
/** Milliseconds that an answer of a tracker which still learns who has what is not believed. */
const REBUILDING = 2_000;
/** Milliseconds between two tries where nothing announces a change. */
const RETRY = 50;

/** The tracker that a peer follows: itself, or another. One value, so that nobody sees a tracker with another's epoch. */
export interface Following {
  readonly tracker: string;
  readonly epoch: number;
}

/** The tracker to ask: this peer's own desk, or a ref. */
export type TrackerAt =
  | { readonly desk: CatalogueDesk; readonly epoch: number }
  | { readonly ref: PeerRef; readonly id: string; readonly epoch: number };

/** Whether the tracker that answered knew all there is. */
export function isComplete(answer: { readonly complete: boolean }): boolean {
  return answer.complete;
}

/** What a {@linkcode TrackerFinder} looks at. */
export interface TrackerKnowledge {
  readonly following: Following | undefined;
  /** This peer's own, while it is the tracker. */
  readonly desk: CatalogueDesk | undefined;
  /** Whether its lease lets it answer. */
  readonly serving: boolean;
}

/** Finds the tracker for questions, and waits for one while there is none. */
export class TrackerFinder {
  readonly #clock: Clock;
  readonly #directory: Directory;
  readonly #self: string;
  readonly #knowledge: () => TrackerKnowledge;
  #waiting: (() => void)[] = [];

  constructor(
    clock: Clock,
    directory: Directory,
    self: string,
    knowledge: () => TrackerKnowledge,
  ) {
    this.#clock = clock;
    this.#directory = directory;
    this.#self = self;
    this.#knowledge = knowledge;
  }

  /** The tracker to tell: the present one, also while it may not answer yet. Undefined if none is known, or its address is not. */
  get present(): TrackerAt | undefined {
    const { following, desk } = this.#knowledge();
    if (following === undefined) return undefined;
    const { tracker, epoch } = following;
    if (tracker === this.#self) return desk && { desk, epoch };
    const ref = this.#directory.get(tracker);
    return ref && { ref, id: tracker, epoch };
  }

  /** The tracker to ask. */
  get now(): TrackerAt | undefined {
    const tracker = this.present;
    if (tracker !== undefined && "desk" in tracker && !this.#knowledge().serving) return undefined;
    return tracker;
  }

  /** Something that {@linkcode now} depends on has changed. */
  changed(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const wake of waiting) wake();
  }

  /**
   * What the tracker finds for `query`. Nothing found by a tracker that does not know everything yet is asked again.
   *
   * @throws NoTrackerError; BadMessageError if `query` is none
   */
  find(query: string): Promise<FindAnswer> {
    return this.ask(
      `search ${query}`,
      (tracker) =>
        "desk" in tracker ? tracker.desk.find(query) : tracker.ref.ask.find(tracker.epoch, query),
      (answer) => answer.found.length > 0 || answer.complete,
    );
  }

  /**
   * What `question` gives at the tracker. A tracker that dies or steps down meanwhile is followed by the next one.
   * An answer that `isFinal` does not accept is asked for again, for 2 s.
   *
   * @throws NoTrackerError after 5 s; what else `question` throws
   */
  async ask<T>(
    what: string,
    question: (tracker: TrackerAt) => T | Promise<T>,
    isFinal: (answer: T) => boolean = () => true,
  ): Promise<T> {
    const began = this.#clock.now();
    const end = began + PATIENCE;
    let last: unknown;
    while (this.#clock.now() < end) {
      const tracker = this.now;
      if (tracker !== undefined) {
        try {
          const answer = await question(tracker);
          if (isFinal(answer) || this.#clock.now() > began + REBUILDING) return answer;
        } catch (error) {
          if (!(error instanceof ActorError || error instanceof NotTrackerError)) throw error;
          last = error;
        }
      }
      await this.#change();
    }
    throw new NoTrackerError(what, PATIENCE, last);
  }

  /** Until something changes, or it is time to look again: a lease comes without news. */
  #change(): Promise<void> {
    return new Promise((resolve) => {
      const wake = (): void => {
        timer[Symbol.dispose]();
        resolve();
      };
      const timer = this.#clock.setTimeout(() => {
        this.#waiting = this.#waiting.filter((waiter) => waiter !== wake);
        resolve();
      }, RETRY);
      this.#waiting.push(wake);
    });
  }
}
