/** Rows of a {@linkcode StateTable} when it is empty. */
const FIRST_ROWS = 1 << 12;
/** Rows that typed arrays can number. */
const MOST_ROWS = 2 ** 31 - 1;

/**
 * A set of states, each a row of `width` 32-bit words, numbered in the order they came. Rows are compared whole, so unlike with
 * fingerprints no state is ever taken for another.
 */
export class StateTable {
  readonly width: number;
  #rows: Uint32Array;
  /** Row + 1 by hash; 0 for free. */
  #slots: Uint32Array = new Uint32Array(FIRST_ROWS * 2);
  #size = 0;

  constructor(width: number) {
    this.width = width;
    this.#rows = new Uint32Array(FIRST_ROWS * width);
  }

  get size(): number {
    return this.#size;
  }

  /** Bytes that it holds. */
  get bytes(): number {
    return this.#rows.byteLength + this.#slots.byteLength;
  }

  /** Copies row `row` into `into`. */
  read(row: number, into: Uint32Array): void {
    const at = row * this.width;
    for (let i = 0; i < this.width; i++) into[i] = this.#rows[at + i]!;
  }

  /** Adds a state; gives whether it is new. A new one has the number `size - 1`. */
  add(state: Uint32Array): boolean {
    const { width } = this;
    const mask = this.#slots.length - 1;
    let slot = hash(state, width) & mask;
    for (;;) {
      const entry = this.#slots[slot]!;
      if (entry === 0) break;
      if (this.#equals(entry - 1, state)) return false;
      slot = (slot + 1) & mask;
    }
    const at = this.#size * width;
    if (at + width > this.#rows.length) this.#growRows();
    for (let i = 0; i < width; i++) this.#rows[at + i] = state[i]!;
    this.#slots[slot] = ++this.#size;
    if (this.#size * 2 > this.#slots.length) this.#growSlots();
    return true;
  }

  #equals(row: number, state: Uint32Array): boolean {
    const at = row * this.width;
    for (let i = 0; i < this.width; i++) if (this.#rows[at + i] !== state[i]) return false;
    return true;
  }

  #growRows(): void {
    const rows = Math.min(Math.ceil(this.#size * 1.6), MOST_ROWS);
    const grown = new Uint32Array(rows * this.width);
    grown.set(this.#rows);
    this.#rows = grown;
  }

  #growSlots(): void {
    const { width } = this;
    const slots = new Uint32Array(this.#slots.length * 2);
    const mask = slots.length - 1;
    for (let row = 0; row < this.#size; row++) {
      const at = row * width;
      let slot = hash(this.#rows.subarray(at, at + width), width) & mask;
      while (slots[slot] !== 0) slot = (slot + 1) & mask;
      slots[slot] = row + 1;
    }
    this.#slots = slots;
  }
}

/** Spreads a row over 32 bits: a multiplication and a shift per word, then murmur3's finalizer. */
function hash(state: Uint32Array, width: number): number {
  let h = 0x9e3779b9;
  for (let i = 0; i < width; i++) {
    h = Math.imul(h ^ state[i]!, 0x85ebca6b);
    h ^= h >>> 15;
  }
  h = Math.imul(h ^ (h >>> 16), 0xc2b2ae35);
  return (h ^ (h >>> 13)) >>> 0;
}
