import type { Clock } from "../actor/mod.ts";
import { BusyError, MutedError } from "./errors.ts";
import { pause } from "./pause.ts";
import { RateLimit } from "./rate_limit.ts";
import { Slots } from "./slots.ts";

/** Requests of one asker that may wait. */
const MAX_WAITING = 128;

/** Bytes that are served before others get a turn; answers leave at the end of a turn. */
const BYTES_PER_TURN = 4 * 2 ** 20;

/** Offences of one asker after which it is not heard for a while, and for how many milliseconds they are remembered. */
const MAX_OFFENCES = 256;
const MEMORY_MS = 10_000;

/** How a peer serves others. */
export interface UploadLimits {
  /** Bytes, of all askers together. */
  readonly bytesPerSecond?: number | undefined;
  /** Askers that are served at once; the others wait for their turn. */
  readonly uploads?: number | undefined;
}

interface Job {
  readonly bytes: number;
  readonly signal: AbortSignal;
  readonly run: () => Promise<void>;
  readonly drop: (why: unknown) => void;
}

/** Jobs of one asker after which another has its slot, if one waits. */
const JOBS_PER_SLOT = 8;

/**
 * Serves chunks to many fairly: each asker has a queue of its own, and is served one job in its turn. A queue that is
 * full is refused, and an asker that goes on asking for what cannot be had is muted.
 */
export class UploadDesk {
  readonly #clock: Clock;
  readonly #limit: RateLimit;
  readonly #slots: Slots;
  /** What waits, by asker. */
  readonly #queues = new Map<string, Job[]>();
  readonly #offences = new Map<string, { count: number; since: number }>();
  #sinceTurn = 0;
  #pausing: Promise<void> | undefined;
  /** Bytes that were served since the start. */
  served = 0;

  constructor(clock: Clock, limits: UploadLimits = {}) {
    this.#clock = clock;
    this.#limit = new RateLimit(clock, limits.bytesPerSecond);
    this.#slots = new Slots(limits.uploads ?? Infinity);
  }

  /** Changes the limits; what is not told stays. */
  set(limits: UploadLimits): void {
    if (limits.bytesPerSecond !== undefined) this.#limit.bytesPerSecond = limits.bytesPerSecond;
    if (limits.uploads !== undefined) this.#slots.limit = limits.uploads;
  }

  /**
   * Runs `work` for `asker` when it is its turn.
   *
   * @param bytes that it will send, about
   * @throws BusyError if too much waits for this asker; MutedError; the signal's reason; what `work` throws
   */
  serve<T>(asker: string, bytes: number, signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    if (this.#isMuted(asker)) return Promise.reject(new MutedError(asker, MEMORY_MS));
    const queue = this.#queues.get(asker);
    if ((queue?.length ?? 0) >= MAX_WAITING) {
      this.offence(asker);
      return Promise.reject(new BusyError(asker, MAX_WAITING));
    }
    return new Promise((resolve, reject) => {
      const run = (): Promise<void> => work().then(resolve, reject);
      const job: Job = { bytes, signal, run, drop: reject };
      if (queue !== undefined) return void queue.push(job);
      const jobs = [job];
      this.#queues.set(asker, jobs);
      void this.#attend(asker, jobs);
    });
  }

  /** `asker` asked for what cannot be had. */
  offence(asker: string): void {
    const now = this.#clock.now();
    const known = this.#offences.get(asker);
    if (known !== undefined && now - known.since < MEMORY_MS) known.count++;
    else this.#offences.set(asker, { count: 1, since: now });
  }

  #isMuted(asker: string): boolean {
    const known = this.#offences.get(asker);
    if (known === undefined) return false;
    if (this.#clock.now() - known.since < MEMORY_MS) return known.count > MAX_OFFENCES;
    this.#offences.delete(asker);
    return false;
  }

  /** Serves one asker until nothing of it waits; others are served in between. Never rejects. */
  async #attend(asker: string, jobs: Job[]): Promise<void> {
    while (jobs.length > 0) {
      using _slot = await this.#slots.take(0);
      for (let done = 0; done < JOBS_PER_SLOT; done++) {
        const job = jobs.shift();
        if (job === undefined) break;
        if (job.signal.aborted) job.drop(job.signal.reason);
        else await this.#do(job);
      }
    }
    this.#queues.delete(asker);
  }

  async #do(job: Job): Promise<void> {
    await this.#limit.take(job.bytes, job.signal);
    if (this.#sinceTurn >= BYTES_PER_TURN) {
      this.#pausing ??= pause(this.#clock).then(() => {
        this.#sinceTurn = 0;
        this.#pausing = undefined;
      });
    }
    await this.#pausing;
    if (job.signal.aborted) return job.drop(job.signal.reason);
    this.#sinceTurn += job.bytes;
    this.served += job.bytes;
    await job.run();
  }
}
