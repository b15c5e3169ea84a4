import type { DownloadOptions } from "./download_options.ts";
import type { PartFile } from "./part_file.ts";

const FLUSH_BYTES = 64 * 2 ** 20;
const FLUSH_MS = 2_000;
/** Of a file, so much may have to be fetched again after a crash of this process. */
const NOTE_PART = 1 / 512;
const MIN_NOTE_BYTES = 2 ** 20;

/**
 * Decides when an unfinished file is made safe: against a crash of this process often, since that costs a line in the
 * journal; against one of the machine now and then, since that costs a sync. Both run beside the fetching.
 */
export class PartKeeper {
  readonly #part: PartFile;
  readonly #options: DownloadOptions;
  readonly #failed: (error: unknown) => void;
  readonly #noteBytes: number;
  #noting: Promise<void> = Promise.resolve();
  #flushing: Promise<void> | undefined;
  #flushedAt: number;

  /** @param failed told of a disk's error, perhaps several times */
  constructor(part: PartFile, options: DownloadOptions, failed: (error: unknown) => void) {
    this.#part = part;
    this.#options = options;
    this.#failed = failed;
    this.#noteBytes = Math.max(MIN_NOTE_BYTES, part.manifest.size * NOTE_PART);
    this.#flushedAt = options.clock.now();
  }

  /** Does what is due. */
  keep(): void {
    const { clock, flushBytes = FLUSH_BYTES, flushMs = FLUSH_MS } = this.#options;
    const { unnoted, unsynced } = this.#part;
    if (unnoted >= this.#noteBytes) this.#noting = this.#part.note().catch(this.#failed);
    const late = unsynced > 0 && clock.now() - this.#flushedAt >= flushMs;
    if (this.#flushing !== undefined || !(late || unsynced >= flushBytes)) return;
    this.#flushing = this.#part.flush().catch(this.#failed).finally(() => {
      this.#flushing = undefined;
      this.#flushedAt = clock.now();
    });
  }

  /** Settles when nothing of it is under way. */
  async settled(): Promise<void> {
    await this.#flushing;
    await this.#noting;
  }
}
