import type { DiskTrouble } from "./disk_trouble.ts";
import { isSound } from "./disk_trouble.ts";
import type { LinkRule } from "./link_rule.ts";

// Flags of a link.
const ACTIVE = 1;
const BLOCKED = 2;
const HELD = 4;
// Flags of a disk, besides ACTIVE.
const FAILING = 2;
const FULL = 4;
const STALLED = 8;
/** Numbers of a link: delay, jitter, loss, duplication, reordering. */
const LINK_NUMBERS = 5;

/** What of {@linkcode FaultMemory} a thread is given. */
export interface FaultView {
  readonly memory: SharedArrayBuffer;
  /** Places that there are. */
  readonly places: number;
  /** The one that the thread is at. */
  readonly place: number;
}

/**
 * Memory in which the main thread writes what is wrong, and every thread reads what concerns it: a fault begins with the next
 * message, without a word to anyone. A row per place (whom a thread is started for), a cell per ordered pair of places.
 */
export class FaultMemory {
  readonly places: number;
  readonly memory: SharedArrayBuffer;
  /** Per ordered pair its flags. */
  readonly #links: Int32Array;
  readonly #linkNumbers: Float64Array;
  readonly #paused: Int32Array;
  /** Milliseconds that everything takes. */
  readonly #slow: Float64Array;
  readonly #disks: Int32Array;
  /** Milliseconds that operations of disks take longer. */
  readonly #slowDisks: Float64Array;

  /** @param memory made by another one for as many places; new unless given */
  constructor(places: number, memory?: SharedArrayBuffer) {
    this.places = places;
    const links = places * places;
    const numbers = links * LINK_NUMBERS;
    const words = (numbers + 2 * places) * 8;
    this.memory = memory ?? new SharedArrayBuffer(words + (links + 2 * places) * 4);
    this.#linkNumbers = new Float64Array(this.memory, 0, numbers);
    this.#slow = new Float64Array(this.memory, numbers * 8, places);
    this.#slowDisks = new Float64Array(this.memory, (numbers + places) * 8, places);
    this.#links = new Int32Array(this.memory, words, links);
    this.#paused = new Int32Array(this.memory, words + links * 4, places);
    this.#disks = new Int32Array(this.memory, words + (links + places) * 4, places);
  }

  // ------------------------------------------------------------ links

  setLink(from: number, to: number, rule: LinkRule, clear: boolean): void {
    const link = from * this.places + to;
    const { delay, jitter, loss, duplication, reordering, blocked, held } = rule;
    this.#linkNumbers.set([delay, jitter, loss, duplication, reordering], link * LINK_NUMBERS);
    const flags = clear ? 0 : ACTIVE | (blocked ? BLOCKED : 0) | (held ? HELD : 0);
    Atomics.store(this.#links, link, flags);
  }

  /** Whether nothing is wrong with the link. One read: asked for every batch. */
  isClear(from: number, to: number): boolean {
    return this.#links[from * this.places + to] === 0;
  }

  isBlocked(from: number, to: number): boolean {
    return ((this.#links[from * this.places + to] as number) & BLOCKED) !== 0;
  }

  link(from: number, to: number): LinkRule {
    const link = from * this.places + to;
    const flags = this.#links[link] as number;
    const at = link * LINK_NUMBERS;
    const [delay = 0, jitter = 0, loss = 0, duplication = 0, reordering = 0] = this.#linkNumbers
      .subarray(at, at + LINK_NUMBERS);
    return {
      delay,
      jitter,
      loss,
      duplication,
      reordering,
      blocked: (flags & BLOCKED) !== 0,
      held: (flags & HELD) !== 0,
    };
  }

  // ------------------------------------------------------------ places

  setPaused(place: number, paused: boolean): void {
    Atomics.store(this.#paused, place, paused ? 1 : 0);
    if (!paused) Atomics.notify(this.#paused, place);
  }

  isPaused(place: number): boolean {
    return Atomics.load(this.#paused, place) !== 0;
  }

  setDisk(place: number, trouble: DiskTrouble): void {
    const { slow, failing, full, stalled } = trouble;
    this.#slowDisks[place] = slow;
    const flags = (failing ? FAILING : 0) | (full ? FULL : 0) | (stalled ? STALLED : 0);
    Atomics.store(this.#disks, place, isSound(trouble) ? 0 : ACTIVE | flags);
  }

  /** Undefined: nothing is wrong. */
  disk(place: number): DiskTrouble | undefined {
    const flags = this.#disks[place] as number;
    if (flags === 0) return undefined;
    return {
      slow: this.#slowDisks[place] as number,
      failing: (flags & FAILING) !== 0,
      full: (flags & FULL) !== 0,
      stalled: (flags & STALLED) !== 0,
    };
  }

  setSlow(place: number, ms: number): void {
    this.#slow[place] = ms;
  }

  slow(place: number): number {
    return this.#slow[place] as number;
  }

  /** Blocks this thread until it is not paused any more, `ms` milliseconds at most. */
  waitPaused(place: number, ms: number): void {
    Atomics.wait(this.#paused, place, 1, ms);
  }
}
