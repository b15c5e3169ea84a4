import { LRUCache } from "lru-cache";

/** Bytes that are kept. */
const BYTES = 16 * 2 ** 20;

/**
 * Chunks that were asked for once, lately. Fewer than a large file has: one download of it after another is no reason to
 * copy every chunk, which would push the others out and be pushed out itself before it is asked for again.
 */
const ONCE = 128;

/**
 * Chunks that many ask for, bounded by bytes: the second question for one keeps it, so that a slow disk reads it no
 * third time. A chunk larger than a quarter of all is not kept. What one that is pushed out lay in takes the next one.
 */
export class HotChunks {
  readonly #max: number;
  readonly #chunks: LRUCache<string, Uint8Array>;
  readonly #once = new LRUCache<string, true>({ max: ONCE });
  #spare: Uint8Array | undefined;

  /** @param bytes the most that it holds; 16 MiB unless told, 0 for nothing */
  constructor(bytes: number = BYTES) {
    this.#max = Math.floor(bytes / 4);
    this.#chunks = new LRUCache({
      maxSize: Math.max(1, bytes),
      sizeCalculation: (chunk) => Math.max(1, chunk.byteLength),
      dispose: (chunk) => (this.#spare = chunk),
    });
  }

  /** Bytes that it holds. */
  get size(): number {
    return this.#chunks.calculatedSize;
  }

  /** Copies the chunk of `key` into `into`; gives whether it was here. */
  copy(key: string, into: Uint8Array): boolean {
    const chunk = this.#chunks.get(key);
    if (chunk === undefined || chunk.length !== into.length) return false;
    into.set(chunk);
    return true;
  }

  /** The chunk of `key` was read from the disk. */
  read(key: string, bytes: Uint8Array): void {
    if (bytes.length > this.#max) return;
    if (!this.#once.has(key)) return void this.#once.set(key, true);
    const spare = this.#spare?.length === bytes.length ? this.#spare : undefined;
    this.#spare = undefined;
    const chunk = spare ?? new Uint8Array(bytes.length);
    chunk.set(bytes);
    this.#chunks.set(key, chunk);
  }
}
