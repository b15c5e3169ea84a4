const double = new Float64Array(1);
const halves = new Uint32Array(double.buffer);

/**
 * Sums up a run in 64 bits: two runs that differ anywhere, by a bit of a time, differ here too. Takes numbers only, since it sees
 * every event of a run, and texts are slow to take in.
 */
export class TraceHash {
  /** A typed array, so that no sum ever becomes an object of its own. */
  readonly #sums = new Int32Array([0x811c9dc5, 0x01b3c5d7]);

  /** An event of the trace: when, whose, which, and of which epoch. The last three are whole numbers, up to 32 bits. */
  event(at: number, peer: number, kind: number, epoch: number): void {
    // All bits of the time, in an order that is the same on every little-endian machine.
    double[0] = at;
    this.#mix(halves[0]!);
    this.#mix(halves[1]!);
    this.#mix(peer);
    this.#mix(kind);
    this.#mix(epoch);
  }

  /** 16 hexadecimal digits. */
  get digest(): string {
    return [...this.#sums].map((half) => (half >>> 0).toString(16).padStart(8, "0")).join("");
  }

  #mix(word: number): void {
    const sums = this.#sums;
    sums[0] = Math.imul(sums[0]! ^ word, 0x01000193);
    const b = Math.imul((sums[1]! + word) | 0, 0x85ebca6b);
    sums[1] = b ^ (b >>> 15);
  }
}
