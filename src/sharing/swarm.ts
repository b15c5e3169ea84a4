import type { Clock, Random } from "../actor/mod.ts";
import type { DownloadOptions, HolderProgress, StallTimes } from "./download_options.ts";
import { STALL_TIMES } from "./download_options.ts";
import { BadChunkError, BadManifestError, BadMessageError } from "./errors.ts";
import { Rate } from "./rate.ts";
import type { HolderView } from "./schedule.ts";

/** How often a holder may be lost without having given a chunk in between. */
const MAX_LOSSES = 3;

/** How often in a row a holder may say that it is busy. */
const MAX_BUSY = 6;

const REST_MS = 100;

/** Codes of answers after which the same request may succeed a little later. */
const BUSY: readonly string[] = [
  "too_many",
  "mailbox_full",
  "busy",
  "EMFILE",
  "ENFILE",
  "EAGAIN",
  "EBUSY",
];

/** A holder that is asked. */
export class Member implements HolderView {
  readonly id: string;
  readonly lacks: Set<number> = new Set();
  readonly rate: Rate;
  inFlight = 0;
  bytes = 0;
  /** It said it is busy, and is left alone for a while. */
  rest: Disposable | undefined;
  busy = 0;
  /** Smoothed milliseconds from request to answer. */
  msPerChunk: number | undefined;
  readonly #window: number;
  readonly #controller = new AbortController();

  constructor(id: string, clock: Clock, window: number) {
    this.id = id;
    this.rate = new Rate(clock);
    this.#window = window;
  }

  get window(): number {
    return this.rest === undefined ? this.#window : 0;
  }

  /** Aborted when it is not asked any more. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  end(why: unknown): void {
    this.rest?.[Symbol.dispose]();
    this.#controller.abort(why);
  }
}

/** The holders of a download: who is asked, who rests, who is not asked again. */
export class Swarm {
  readonly #options: DownloadOptions;
  readonly #stall: StallTimes;
  readonly #members = new Map<string, Member>();
  readonly #banned = new Set<string>();
  readonly #losses = new Map<string, number>();
  /** Verified bytes, of those that are gone as well. */
  readonly #from = new Map<string, number>();
  readonly #wake: () => void;
  #asking: Promise<void> | undefined;
  /** The last question for more holders brought nobody, and nobody was asked for anything since. */
  inVain = false;
  /** Why the last one was lost. */
  lastLoss: unknown;
  /** Different holders that were ever here. */
  readonly seen: Set<string> = new Set();

  /** @param wake told when there may be somebody to ask */
  constructor(options: DownloadOptions, wake: () => void) {
    this.#options = options;
    this.#stall = { ...STALL_TIMES, ...options.stall };
    this.#wake = wake;
    const holders = [...new Set(options.holders)];
    shuffle(holders, options.random);
    for (const holder of holders) this.add(holder);
  }

  members(): Iterable<Member> {
    return this.#members.values();
  }

  /** Whether somebody will be asked again after a rest. */
  get resting(): boolean {
    for (const member of this.#members.values()) if (member.rest !== undefined) return true;
    return false;
  }

  get from(): ReadonlyMap<string, number> {
    return this.#from;
  }

  progress(): HolderProgress[] {
    return [...this.#members.values()].map(({ id, bytes, rate, inFlight }) => ({
      holder: id,
      bytes,
      rate: rate.value,
      inFlight,
    }));
  }

  /** Gives whether it was not here. One that was here may have more than before. */
  add(id: string): boolean {
    if (this.#banned.has(id)) return false;
    const known = this.#members.get(id);
    known?.lacks.clear();
    if (known === undefined) {
      const { clock, window = 8 } = this.#options;
      this.#members.set(id, new Member(id, clock, window));
      this.seen.add(id);
    }
    this.#wake();
    return known === undefined;
  }

  /** Somebody who may be asked now. */
  idle(): Member | undefined {
    for (const member of this.#members.values()) if (member.window > 0) return member;
    return undefined;
  }

  /**
   * Nobody who is here can help. Gives false if that is final; else somebody may be found, or has rested, and `wake` is
   * told then.
   */
  seek(signal: AbortSignal): boolean {
    if (this.resting) return true;
    if (this.inVain) return false;
    this.#asking ??= this.#more(signal).finally(() => {
      this.#asking = undefined;
      this.#wake();
    });
    return true;
  }

  async #more(signal: AbortSignal): Promise<void> {
    let added = false;
    try {
      for (const id of await this.#options.moreHolders?.(signal) ?? []) {
        // One that keeps failing is not tried for ever.
        const fresh = !this.#members.has(id) && (this.#losses.get(id) ?? 0) < MAX_LOSSES;
        if (fresh && this.add(id)) added = true;
      }
    } catch (error) {
      this.lastLoss = error;
    }
    this.inVain = !added;
  }

  /** Milliseconds that it may take for a chunk. */
  deadline({ msPerChunk }: Member): number {
    const { firstMs, factor, minMs, maxMs } = this.#stall;
    if (msPerChunk === undefined) return firstMs;
    return Math.min(maxMs, Math.max(minMs, msPerChunk * factor));
  }

  /** Milliseconds that it may take for a manifest. */
  get firstMs(): number {
    return this.#stall.firstMs;
  }

  succeeded(member: Member, bytes: number, ms: number): void {
    member.bytes += bytes;
    member.rate.add(bytes);
    member.busy = 0;
    member.msPerChunk = member.msPerChunk === undefined ? ms : member.msPerChunk * 0.75 + ms * 0.25;
    this.#losses.delete(member.id);
    this.#from.set(member.id, (this.#from.get(member.id) ?? 0) + bytes);
  }

  /** Draws the consequence of an error that came instead of chunk `index` (or of the manifest). */
  failed(member: Member, index: number | undefined, error: unknown): void {
    if (this.#members.get(member.id) !== member) return;
    const code = codeOf(error);
    if (code === "no_chunk" && index !== undefined) {
      member.lacks.add(index);
      return;
    }
    if (BUSY.includes(code) && member.busy < MAX_BUSY) return this.#letRest(member);
    const lies = error instanceof BadChunkError || error instanceof BadManifestError ||
      error instanceof BadMessageError && index === undefined;
    this.#lose(member, error, lies);
  }

  /** Asks nobody any more. */
  end(why: unknown): void {
    for (const member of this.#members.values()) member.end(why);
    this.#members.clear();
  }

  #letRest(member: Member): void {
    if (member.rest !== undefined) return;
    const ms = REST_MS * 2 ** member.busy++;
    member.rest = this.#options.clock.setTimeout(() => {
      member.rest = undefined;
      this.#wake();
    }, ms);
  }

  #lose(member: Member, why: unknown, banned: boolean): void {
    this.#members.delete(member.id);
    this.#losses.set(member.id, (this.#losses.get(member.id) ?? 0) + 1);
    if (banned) this.#banned.add(member.id);
    this.lastLoss = why;
    member.end(why);
    this.#options.onHolderLost?.(member.id, why, banned);
  }
}

function codeOf(error: unknown): string {
  const code = typeof error === "object" && error !== null && "code" in error ? error.code : "";
  return typeof code === "string" ? code : "";
}

function shuffle(items: unknown[], random: Random): void {
  for (let i = items.length - 1; i > 0; i--) {
    const j = random.below(i + 1);
    [items[i], items[j]] = [items[j], items[i]];
  }
}
