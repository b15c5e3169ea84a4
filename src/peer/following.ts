import type { Clock } from "../actor/mod.ts";
import { ActorError } from "../actor/mod.ts";
import type { CatalogueDesk } from "./catalogue_desk.ts";
import type { Directory } from "./directory.ts";
import { NoTrackerError, NotTrackerError } from "./errors.ts";
import type { PeerRef } from "./protocol.ts";

/** Milliseconds that a question looks for a tracker that answers it. */
const PATIENCE = 5_000;
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
  | { readonly ref: PeerRef; readonly epoch: number };

/** Finds the tracker for questions, and waits for one while there is none. */
export class TrackerFinder {
  readonly #clock: Clock;
  readonly #directory: Directory;
  readonly #self: string;
  readonly #state: () => {
    readonly following: Following | undefined;
    readonly desk: CatalogueDesk | undefined;
  };
  #waiting: (() => void)[] = [];

  constructor(
    clock: Clock,
    directory: Directory,
    self: string,
    state: () => {
      readonly following: Following | undefined;
      readonly desk: CatalogueDesk | undefined;
    },
  ) {
    this.#clock = clock;
    this.#directory = directory;
    this.#self = self;
    this.#state = state;
  }

  /** The present tracker; undefined if none is known, or its address is not. */
  get now(): TrackerAt | undefined {
    const { following, desk } = this.#state();
    if (following === undefined) return undefined;
    const { tracker, epoch } = following;
    if (tracker === this.#self) return desk && { desk, epoch };
    const ref = this.#directory.get(tracker);
    return ref && { ref, epoch };
  }

  /** Something that {@linkcode now} depends on has changed. */
  changed(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const wake of waiting) wake();
  }

  /**
   * What `question` gives at the tracker. A tracker that dies or steps down meanwhile is followed by the next one.
   *
   * @throws NoTrackerError after 5 s; what else `question` throws
   */
  async ask<T>(what: string, question: (tracker: TrackerAt) => T | Promise<T>): Promise<T> {
    const end = this.#clock.now() + PATIENCE;
    let last: unknown;
    while (this.#clock.now() < end) {
      const tracker = this.now;
      if (tracker !== undefined) {
        try {
          return await question(tracker);
        } catch (error) {
          if (!(error instanceof ActorError || error instanceof NotTrackerError)) throw error;
          last = error;
        }
      }
      await this.#change(tracker === undefined ? end - this.#clock.now() : RETRY);
    }
    throw new NoTrackerError(what, PATIENCE, last);
  }

  #change(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const wake = (): void => {
        timer[Symbol.dispose]();
        resolve();
      };
      const timer = this.#clock.setTimeout(() => {
        this.#waiting = this.#waiting.filter((waiter) => waiter !== wake);
        resolve();
      }, ms);
      this.#waiting.push(wake);
    });
  }
}
