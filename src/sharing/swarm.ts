import type { Random } from "../actor/mod.ts";
import { chunkCount } from "./chunk_size.ts";
import type { DownloadOptions, HolderProgress, StallTimes } from "./download_options.ts";
import { STALL_TIMES } from "./download_options.ts";
import { BadChunkError, BadManifestError, BadMessageError, StalledError } from "./errors.ts";
import { absentFrom } from "./have.ts";
import type { Manifest } from "./manifest.ts";
import { Member } from "./member.ts";
import { sleep } from "./pause.ts";
import { Scarcity } from "./scarcity.ts";
import { within } from "./within.ts";

/** How often a holder may be lost without having given a chunk in between. */
const MAX_LOSSES = 3;

/** How often in a row a holder may say that it is busy. */
const MAX_BUSY = 6;

/** How often in a row a holder that said what it has may not have it. */
const MAX_DENIED = 32;

const REST_MS = 100;

/** How often, and how long apart, those who lack what is missing are asked whether they have got on. */
const LOOKS = 20;
const LOOK_AGAIN_MS = 500;

/** Requests to one holder at once, however fast it is. */
const MAX_WINDOW = 32;

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

/** The holders of a download: who is asked, who rests, who is not asked again. */
export class Swarm {
  readonly #options: DownloadOptions;
  readonly #stall: StallTimes;
  readonly #members = new Map<string, Member>();
  readonly #banned = new Set<string>();
  readonly #losses = new Map<string, number>();
  /** Verified bytes, of those that are gone as well. */
  readonly #from = new Map<string, number>();
  readonly #scarcity = new Scarcity();
  readonly #wake: () => void;
  #manifest: Manifest | undefined;
  #asking: Promise<void> | undefined;
  #ended = false;
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

  /** From now on it is known what there is to ask for. */
  begin(manifest: Manifest): void {
    this.#manifest = manifest;
    this.#scarcity.begin(chunkCount(manifest.size, manifest.chunkSize));
    for (const member of this.#members.values()) this.#meet(member);
  }

  members(): Iterable<Member> {
    return this.#members.values();
  }

  get(id: string): Member | undefined {
    return this.#members.get(id);
  }

  /** How many holders lack each chunk; undefined if all have all. */
  get lacking(): Uint16Array | undefined {
    return this.#scarcity.lacking;
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
    return [...this.#members.values()].map(({ id, bytes, rate, inFlight, chunkSize }) => {
      const { value } = rate;
      const secondsLeft = value === 0 ? undefined : inFlight * chunkSize / value;
      return { holder: id, bytes, rate: value, inFlight, secondsLeft };
    });
  }

  /** Gives whether it was not here. One that was here may have more than before. */
  add(id: string): boolean {
    if (this.#ended || this.#banned.has(id)) return false;
    const known = this.#members.get(id);
    if (known !== undefined) {
      if (this.#options.askHave === undefined) this.#scarcity.forget(known.lacks);
      else if (known.lacks.size > 0) void this.#learn(known);
    } else {
      const { clock, window = MAX_WINDOW } = this.#options;
      const member = new Member(id, clock, window);
      this.#members.set(id, member);
      this.seen.add(id);
      if (this.#manifest !== undefined) this.#meet(member);
    }
    this.#wake();
    return known === undefined;
  }

  #meet(member: Member): void {
    member.chunkSize = this.#manifest!.chunkSize;
    void this.#learn(member);
  }

  /** Somebody who may be asked now. */
  idle(): Member | undefined {
    for (const member of this.#members.values()) if (member.window > 0) return member;
    return undefined;
  }

  /** Asks those who did not have all what they have by now. */
  refresh(): void {
    for (const member of this.#members.values()) {
      if (member.lacks.size > 0) void this.#learn(member);
    }
  }

  /** Asks `member` which chunks it has; gives whether it has more than was known. Never rejects. */
  async #learn(member: Member): Promise<boolean> {
    const { askHave, clock } = this.#options;
    const manifest = this.#manifest;
    if (askHave === undefined || manifest === undefined || member.learning) return false;
    member.learning = true;
    try {
      const late = (): Error => new StalledError(member.id, "list of chunks", this.firstMs);
      const ask = (signal: AbortSignal): Promise<unknown> => askHave(member.id, signal);
      const answer = await within(clock, this.firstMs, member.signal, late, ask);
      if (this.#members.get(member.id) !== member) return false;
      const count = chunkCount(manifest.size, manifest.chunkSize);
      member.described = true;
      const more = this.#scarcity.replace(member.lacks, absentFrom(answer, count));
      this.#wake();
      return more;
    } catch (error) {
      if (!this.#ended) this.failed(member, undefined, error);
      return false;
    } finally {
      member.learning = false;
    }
  }

  /**
   * Nobody who is here can help. Gives false if that is final; else somebody may be found, or has rested, and `wake` is
   * told then.
   */
  seek(signal: AbortSignal): boolean {
    if (this.resting) return true;
    for (const member of this.#members.values()) if (member.learning) return true;
    if (this.inVain) return false;
    this.#asking ??= this.#more(signal).finally(() => {
      this.#asking = undefined;
      this.#wake();
    });
    return true;
  }

  async #more(signal: AbortSignal): Promise<void> {
    for (let look = 1; !this.#ended; look++) {
      if (await this.#lookForMore(signal)) return;
      if (this.#members.size === 0 || look === LOOKS || this.#options.askHave === undefined) break;
      await sleep(this.#options.clock, LOOK_AGAIN_MS, signal);
    }
    this.inVain = true;
  }

  /** Whether somebody came, or somebody who is here has more than before. */
  async #lookForMore(signal: AbortSignal): Promise<boolean> {
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
    // Those who are still downloading themselves may have got on meanwhile.
    const grown = await Promise.all([...this.#members.values()].map((each) => this.#learn(each)));
    return added || grown.includes(true);
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
    member.gave(bytes, ms);
    this.#losses.delete(member.id);
    this.#from.set(member.id, (this.#from.get(member.id) ?? 0) + bytes);
  }

  /** Draws the consequence of an error that came instead of chunk `index` (or of the manifest). */
  failed(member: Member, index: number | undefined, error: unknown): void {
    if (this.#members.get(member.id) !== member) return;
    const code = codeOf(error);
    if (code === "no_chunk" && index !== undefined) {
      this.#scarcity.add(member.lacks, index);
      // One that says again and again it has what it has not would keep the download waiting for ever.
      if (!member.described || ++member.denied < MAX_DENIED) return;
    }
    if (BUSY.includes(code) && member.busy < MAX_BUSY) return this.#letRest(member);
    const lies = error instanceof BadChunkError || error instanceof BadManifestError ||
      error instanceof BadMessageError && index === undefined;
    this.#lose(member, error, lies);
  }

  /** Asks nobody any more. */
  end(why: unknown): void {
    this.#ended = true;
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
    this.#scarcity.forget(member.lacks);
    this.#losses.set(member.id, (this.#losses.get(member.id) ?? 0) + 1);
    if (banned) this.#banned.add(member.id);
    this.lastLoss = why;
    member.end(why);
    this.#options.onHolderLost?.(member.id, why, banned);
    this.#wake();
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
