/**
 * Buffers that go to a holder and come back with a chunk. At most `max` wait here; one that is lost with its holder
 * is made anew when it is needed.
 */
export class BufferPool {
  readonly #bytes: number;
  readonly #max: number;
  readonly #free: ArrayBuffer[] = [];

  constructor(bytes: number, max: number) {
    this.#bytes = bytes;
    this.#max = max;
  }

  take(): ArrayBuffer {
    return this.#free.pop() ?? new ArrayBuffer(this.#bytes);
  }

  /** Takes a buffer back; one of another size is a stranger's and left to the collector. */
  give(buffer: ArrayBuffer): void {
    if (buffer.byteLength === this.#bytes && this.#free.length < this.#max) this.#free.push(buffer);
  }
}
