import type { Bell } from "./bell.ts";
import { BufferPool } from "./buffer_pool.ts";
import { checkChunk } from "./check_chunk.ts";
import { chunkCount, chunkLength } from "./chunk_size.ts";
import type { DownloadOptions } from "./download_options.ts";
import { duplicate } from "./endgame.ts";
import { IncompleteError, StalledError } from "./errors.ts";
import type { Member } from "./member.ts";
import type { PartFile } from "./part_file.ts";
import { PartKeeper } from "./part_keeper.ts";
import { formatRanges } from "./ranges.ts";
import { Requests } from "./requests.ts";
import { slotsFor } from "./slots_for.ts";
import type { Choice } from "./schedule.ts";
import { nextRequest } from "./schedule.ts";
import type { Swarm } from "./swarm.ts";
import { within } from "./within.ts";

const PROGRESS_MS = 100;
/** Milliseconds after which holders that did not have all are asked again what they have. */
const REFRESH_MS = 500;
/** Of all chunks, so many may be asked for twice in the end; one always. */
const MAX_TWICE = 0.01;

/** Why requests end that are still under way when the download does. */
const OVER = new Error("the download is over");
/** Why a request ends whose chunk came from somebody else. */
const BEATEN = new Error("another holder was faster");

/** What {@linkcode fetchChunks} works with. */
export interface FetchingPorts {
  readonly options: DownloadOptions;
  readonly swarm: Swarm;
  readonly part: PartFile;
  readonly signal: AbortSignal;
  /** Rung by the signal, the swarm, and whatever may let the download go on. */
  readonly bell: Bell;
  /** A chunk of so many bytes was verified and written. */
  readonly onChunk: (bytes: number) => void;
  /** Progress may be told. */
  readonly onTick: () => void;
}

/**
 * Gets every missing chunk from the holders into the part file: asks, verifies, writes. When it settles nothing of it
 * is under way any more.
 *
 * @throws IncompleteError if nobody has what is missing
 * @throws DiskError if the part file cannot be written; the signal's reason if that is aborted
 */
export async function fetchChunks(ports: FetchingPorts): Promise<void> {
  await new Fetching(ports).run();
}

class Fetching {
  readonly #ports: FetchingPorts;
  readonly #pool: BufferPool;
  readonly #maxSlots: number;
  readonly #maxTwice: number;
  readonly #todo: Set<number>;
  readonly #requests = new Requests();
  readonly #keeper: PartKeeper;
  #twice = 0;
  #look: { readonly at: number; readonly timer: Disposable } | undefined;
  #tickedAt = -Infinity;
  #refreshedAt: number;
  #fatal: { readonly error: unknown } | undefined;

  constructor(ports: FetchingPorts) {
    this.#ports = ports;
    const { manifest } = ports.part;
    const { size, chunkSize } = manifest;
    this.#maxSlots = slotsFor(chunkSize, ports.options.bufferBytes);
    this.#maxTwice = Math.max(1, Math.floor(chunkCount(size, chunkSize) * MAX_TWICE));
    this.#pool = new BufferPool(Math.min(chunkSize, size), this.#maxSlots);
    this.#todo = new Set(rotated(ports.part.missing(), ports.options));
    this.#refreshedAt = ports.options.clock.now();
    this.#keeper = new PartKeeper(ports.part, ports.options, (error) => this.#fail(error));
  }

  async run(): Promise<void> {
    const { bell, signal, swarm, part } = this.#ports;
    swarm.begin(part.manifest);
    try {
      while (this.#todo.size + this.#requests.size > 0) {
        signal.throwIfAborted();
        this.#fill();
        if (this.#requests.size === 0 && !swarm.seek(signal)) throw this.#incomplete();
        await bell.wait();
        if (this.#fatal !== undefined) throw this.#fatal.error;
        this.#keeper.keep();
        this.#tick();
      }
    } finally {
      this.#look?.timer[Symbol.dispose]();
      swarm.end(OVER);
      await this.#requests.settled();
      await this.#keeper.settled();
    }
    // The last sync of all is the caller's, but one that failed before must not be forgotten.
    if (this.#fatal !== undefined) throw this.#fatal.error;
  }

  #fill(): void {
    const { swarm } = this.#ports;
    while (this.#requests.size < this.#maxSlots) {
      const choice = nextRequest(this.#todo, swarm.members(), swarm.lacking) ?? this.#again();
      if (choice === undefined) return;
      this.#todo.delete(choice.index);
      swarm.inVain = false;
      this.#start(swarm.get(choice.holder)!, choice.index);
    }
  }

  /** At the end, with nothing else to ask for: a chunk that is out for long already. */
  #again(): Choice | undefined {
    if (this.#todo.size > 0 || this.#twice >= this.#maxTwice) return undefined;
    const { options: { clock }, swarm } = this.#ports;
    const now = clock.now();
    const next = duplicate(this.#requests.alone(), swarm.members(), now);
    if (next === undefined) return undefined;
    if ("at" in next) return this.#lookAt(next.at);
    this.#twice++;
    return next;
  }

  #lookAt(at: number): undefined {
    if (this.#look !== undefined && this.#look.at <= at) return;
    const { options: { clock }, bell } = this.#ports;
    this.#look?.timer[Symbol.dispose]();
    const timer = clock.setTimeout(() => {
      this.#look = undefined;
      bell.ring();
    }, at - clock.now());
    this.#look = { at, timer };
  }

  #start(member: Member, index: number): void {
    member.inFlight++;
    const since = this.#ports.options.clock.now();
    this.#requests.add(index, member, since, async (signal) => {
      await this.#get(member, index, since, signal);
      this.#requests.remove(index, signal);
      member.inFlight--;
      this.#ports.bell.ring();
    });
  }

  /** Gets one chunk, or puts its index back. Never rejects. */
  async #get(member: Member, index: number, since: number, signal: AbortSignal): Promise<void> {
    const { options, swarm, part } = this.#ports;
    let reply: ArrayBuffer;
    let bytes: Uint8Array;
    try {
      reply = await this.#fetch(member, index, signal);
      if (signal.reason === BEATEN) return;
      bytes = checkChunk(options.hashing, part.manifest, member.id, index, reply);
    } catch (error) {
      // Its buffer may still be written to by whoever has it: it is never used again.
      if (signal.reason !== BEATEN) this.#lost(member, index, error);
      return;
    }
    swarm.succeeded(member, bytes.length, options.clock.now() - since);
    this.#requests.abandon(index, signal, BEATEN);
    await this.#write(index, bytes, reply);
  }

  async #write(index: number, bytes: Uint8Array, buffer: ArrayBuffer): Promise<void> {
    const { part, onChunk } = this.#ports;
    try {
      await part.write(index, bytes);
    } catch (error) {
      return this.#fail(error);
    }
    onChunk(bytes.length);
    this.#pool.give(buffer);
  }

  async #fetch(member: Member, index: number, signal: AbortSignal): Promise<ArrayBuffer> {
    const { options, swarm, part: { manifest } } = this.#ports;
    await options.throttle?.(chunkLength(manifest.size, manifest.chunkSize, index), signal);
    const ms = swarm.deadline(member);
    return await within(
      options.clock,
      ms,
      signal,
      () => new StalledError(member.id, `chunk ${index}`, ms),
      (given) => options.fetch(member.id, index, this.#pool.take(), given),
    );
  }

  /** The chunk is still wanted, unless somebody else is asked for it as well. */
  #lost(member: Member, index: number, error: unknown): void {
    try {
      if (this.#requests.of(index) === 1 && !this.#ports.part.has(index)) this.#todo.add(index);
      this.#ports.swarm.failed(member, index, error);
    } catch (thrown) {
      this.#fail(thrown);
    }
  }

  #incomplete(): IncompleteError {
    const { options, part, swarm } = this.#ports;
    const missing = part.missing();
    const { size, chunkSize } = part.manifest;
    return new IncompleteError(
      options.name,
      formatRanges(missing),
      missing.length,
      chunkCount(size, chunkSize),
      swarm.lastLoss === undefined ? undefined : { cause: swarm.lastLoss },
    );
  }

  #tick(): void {
    const { swarm, options: { clock } } = this.#ports;
    const now = clock.now();
    if (now - this.#refreshedAt >= REFRESH_MS) {
      this.#refreshedAt = now;
      swarm.refresh();
    }
    if (now - this.#tickedAt < PROGRESS_MS) return;
    this.#tickedAt = now;
    this.#ports.onTick();
  }

  #fail(error: unknown): void {
    this.#fatal ??= { error };
    this.#ports.bell.ring();
  }
}

/** `indexes` from a place by chance on: downloads that begin together then soon have something for each other. */
function rotated(indexes: readonly number[], { random }: DownloadOptions): number[] {
  const start = indexes.length < 2 ? 0 : random.below(indexes.length);
  return [...indexes.slice(start), ...indexes.slice(0, start)];
}
