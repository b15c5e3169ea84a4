import { FNV_BASIS, hash, mix } from "../../actor/mixing.ts";

/**
 * Random draws by number instead of by order (reference `election.md` §4.3): draw n is a function of the key and n alone.
 * Whoever counts its own messages or writes, and draws by that count, is not disturbed by draws that others make or leave
 * out: removing one fault reshuffles nothing else.
 *
 * @example
 * ```ts
 * const draws = new Draws("42/link/a>b");
 * draws.at(7, LOSS) === new Draws("42/link/a>b").at(7, LOSS); // true, whatever was drawn before
 * ```
 */
export class Draws {
  /** Both of 32 bits with a sign, which engines keep as they are; larger numbers would be objects. */
  readonly #high: number;
  readonly #low: number;

  /** @param key names seed, stream, and whose draws these are */
  constructor(key: string) {
    this.#high = hash(key, FNV_BASIS) | 0;
    this.#low = hash(key, 0x01b3c5d7) | 0;
  }

  /** The draw numbered `counter` (a whole number from 0) for `purpose` (a whole number below 256): 0 <= u < 1. */
  at(counter: number, purpose: number): number {
    const n = Math.imul(counter, 0x9e3779b1) ^ Math.imul(purpose + 1, 0x85ebca77);
    const a = mix(this.#high ^ n);
    const b = mix(((this.#low + Math.imul(counter | 0, 0xc2b2ae3d)) | 0) + (a | 0) + purpose);
    // 21 + 32 bits fill the 53 of a double.
    return ((a >>> 11) * 0x1_0000_0000 + b) / 0x20_0000_0000_0000;
  }
}
