import type { Bell } from "./bell.ts";
import { BufferPool } from "./buffer_pool.ts";
import { chunkLength } from "./chunk_size.ts";
import type { DownloadOptions } from "./download_options.ts";
import { BadChunkError, IncompleteError, StalledError } from "./errors.ts";
import { isChunk } from "./manifest.ts";
import type { PartFile } from "./part_file.ts";
import { formatRanges } from "./ranges.ts";
import { nextRequest } from "./schedule.ts";
import type { Member, Swarm } from "./swarm.ts";
import { within } from "./within.ts";

const BUFFER_BYTES = 32 * 2 ** 20;
const FLUSH_BYTES = 64 * 2 ** 20;
const FLUSH_MS = 2_000;
const PROGRESS_MS = 100;

/** Why requests end that are still under way when the download does. */
const OVER = new Error("the download is over");

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
  readonly #todo: Set<number>;
  readonly #slots = new Set<Promise<void>>();
  #flushing: Promise<void> | undefined;
  #flushedAt: number;
  #tickedAt = -Infinity;
  #fatal: { readonly error: unknown } | undefined;

  constructor(ports: FetchingPorts) {
    this.#ports = ports;
    const { manifest } = ports.part;
    const buffer = Math.min(manifest.chunkSize, manifest.size);
    const budget = ports.options.bufferBytes ?? BUFFER_BYTES;
    this.#maxSlots = Math.max(2, Math.floor(budget / manifest.chunkSize));
    this.#pool = new BufferPool(buffer, this.#maxSlots);
    this.#todo = new Set(ports.part.missing());
    this.#flushedAt = ports.options.clock.now();
  }

  async run(): Promise<void> {
    const { bell, signal, swarm } = this.#ports;
    try {
      while (this.#todo.size + this.#slots.size > 0) {
        signal.throwIfAborted();
        this.#fill();
        if (this.#slots.size === 0 && !swarm.seek(signal)) throw this.#incomplete();
        await bell.wait();
        if (this.#fatal !== undefined) throw this.#fatal.error;
        this.#flushIfDue();
        this.#tick();
      }
    } finally {
      swarm.end(OVER);
      await Promise.all(this.#slots);
      await this.#flushing;
    }
    // The last sync of all is the caller's, but one that failed before must not be forgotten.
    if (this.#fatal !== undefined) throw this.#fatal.error;
  }

  #fill(): void {
    const { swarm } = this.#ports;
    while (this.#slots.size < this.#maxSlots) {
      const members = new Map([...swarm.members()].map((member) => [member.id, member]));
      const choice = nextRequest(this.#todo, members.values());
      if (choice === undefined) return;
      this.#todo.delete(choice.index);
      swarm.inVain = false;
      const member = members.get(choice.holder)!;
      member.inFlight++;
      const slot: Promise<void> = this.#get(member, choice.index).finally(() => {
        member.inFlight--;
        this.#slots.delete(slot);
        this.#ports.bell.ring();
      });
      this.#slots.add(slot);
    }
  }

  /** Gets one chunk, or puts its index back. Never rejects. */
  async #get(member: Member, index: number): Promise<void> {
    const { options, swarm, part, onChunk } = this.#ports;
    const startedAt = options.clock.now();
    try {
      const reply = await this.#fetch(member, index);
      const bytes = this.#verified(member, index, reply);
      try {
        await part.write(index, bytes);
      } catch (error) {
        this.#fail(error);
        return;
      }
      swarm.succeeded(member, bytes.length, options.clock.now() - startedAt);
      onChunk(bytes.length);
      this.#pool.give(reply);
    } catch (error) {
      // Its buffer may still be written to by whoever has it: it is never used again.
      this.#todo.add(index);
      this.#lost(member, index, error);
    }
  }

  #fetch(member: Member, index: number): Promise<ArrayBuffer> {
    const { options, swarm } = this.#ports;
    const ms = swarm.deadline(member);
    return within(
      options.clock,
      ms,
      member.signal,
      () => new StalledError(member.id, `chunk ${index}`, ms),
      (signal) => options.fetch(member.id, index, this.#pool.take(), signal),
    );
  }

  /** @throws BadChunkError */
  #verified(member: Member, index: number, reply: ArrayBuffer): Uint8Array {
    const { options, part: { manifest } } = this.#ports;
    const length = chunkLength(manifest.size, manifest.chunkSize, index);
    if (!(reply instanceof ArrayBuffer)) {
      throw new BadChunkError(member.id, index, `an ArrayBuffer was expected, not ${typeof reply}`);
    }
    if (reply.byteLength < length) {
      throw new BadChunkError(
        member.id,
        index,
        `${reply.byteLength} bytes, ${length} were expected`,
      );
    }
    const bytes = new Uint8Array(reply, 0, length);
    if (isChunk(options.hashing, manifest, index, bytes)) return bytes;
    throw new BadChunkError(member.id, index, "its hash is not that of the manifest");
  }

  #lost(member: Member, index: number, error: unknown): void {
    try {
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
      Math.ceil(size / chunkSize),
      swarm.lastLoss === undefined ? undefined : { cause: swarm.lastLoss },
    );
  }

  /** Beside the fetching: a sync may take long. */
  #flushIfDue(): void {
    const { options, part, bell } = this.#ports;
    const now = options.clock.now();
    const due = part.unsynced >= (options.flushBytes ?? FLUSH_BYTES) ||
      part.unsynced > 0 && now - this.#flushedAt >= (options.flushMs ?? FLUSH_MS);
    if (!due || this.#flushing !== undefined) return;
    this.#flushing = part.flush().catch((error) => this.#fail(error)).finally(() => {
      this.#flushing = undefined;
      this.#flushedAt = options.clock.now();
      bell.ring();
    });
  }

  #tick(): void {
    const now = this.#ports.options.clock.now();
    if (now - this.#tickedAt < PROGRESS_MS) return;
    this.#tickedAt = now;
    this.#ports.onTick();
  }

  #fail(error: unknown): void {
    this.#fatal ??= { error };
    this.#ports.bell.ring();
  }
}
