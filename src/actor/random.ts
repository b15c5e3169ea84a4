import { FNV_BASIS, hash, mix } from "./mixing.ts";

/** Randomness that a seed determines. Streams do not disturb one another: a draw depends on (seed, stream, how many before it). */
export interface Random {
  /** The next number, 0 <= n < 1. */
  next(): number;
  /** A whole number, 0 <= n < `below`. */
  below(below: number): number;
  /** `length` lower-case hexadecimal digits. */
  hex(length: number): string;
  /** An independent generator, named within this one. */
  stream(name: string): Random;
}

/**
 * Keyed randomness (reference `election.md` §4.3): the n-th draw of a stream is a function of seed, stream and n alone.
 *
 * @example
 * ```ts
 * import { keyedRandom } from "troupe/actor";
 * const random = keyedRandom(42).stream("peer-1");
 * random.below(6); // the same in every run
 * ```
 */
export function keyedRandom(seed: number | string): Random {
  const text = String(seed);
  return new KeyedRandom(hash(text, FNV_BASIS ^ 0x9e3779b9), hash(text, FNV_BASIS ^ 0x7f4a7c15));
}

class KeyedRandom implements Random {
  #high: number;
  #low: number;
  #count = 0;

  constructor(high: number, low: number) {
    this.#high = high;
    this.#low = low;
  }

  /** The draw numbered `#count`, as 32 bits. */
  #draw(): number {
    const n = this.#count++;
    const a = mix(this.#high ^ Math.imul(n, 0x9e3779b1));
    return mix((a + this.#low + n) | 0);
  }

  next(): number {
    // 21 + 32 bits fill the 53 of a double.
    const high = this.#draw() >>> 11;
    return (high * 0x1_0000_0000 + this.#draw()) / 0x20_0000_0000_0000;
  }

  below(below: number): number {
    return Math.floor(this.next() * below);
  }

  hex(length: number): string {
    let text = "";
    while (text.length < length) text += this.#draw().toString(16).padStart(8, "0");
    return text.slice(0, length);
  }

  stream(name: string): Random {
    return new KeyedRandom(hash(name, FNV_BASIS ^ this.#high), hash(name, FNV_BASIS ^ this.#low));
  }
}
