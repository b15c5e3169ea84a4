import type { Broken, Sent } from "./protocol.ts";

/** More kinds of messages occurred than the rows of the search have bits for. */
export class TooManyMessages extends Error {
  readonly code = "too_many_messages";
  readonly words: number;

  constructor(words: number) {
    super(`More than ${words * 32} different messages; expected at most that many`);
    this.name = "TooManyMessages";
    this.words = words;
  }
}

/** The messages of a search, numbered as they first occur: a set of them is a row of bits. */
export class Messages {
  /** 32-bit words of a set. */
  readonly words: number;
  readonly #conflict: (a: Sent, b: Sent) => Broken | undefined;
  readonly #ids = new Map<string, number>();
  readonly #all: Sent[] = [];
  /** Per message the bits of those that no run may hold beside it. */
  readonly #excluded: Uint32Array[] = [];

  /** Per peer the bits of the messages that it can hear or sends itself. */
  readonly #concerning: readonly Uint32Array[];

  constructor(peers: number, words: number, conflict: (a: Sent, b: Sent) => Broken | undefined) {
    this.words = words;
    this.#concerning = Array.from({ length: peers }, () => new Uint32Array(words));
    this.#conflict = conflict;
  }

  get size(): number {
    return this.#all.length;
  }

  get(id: number): Sent {
    return this.#all[id]!;
  }

  /** @throws TooManyMessages */
  idOf(sent: Sent): number {
    const key = `${sent.from}>${sent.to} ${sent.text}`;
    const known = this.#ids.get(key);
    if (known !== undefined) return known;
    const id = this.#all.length;
    if (id >= this.words * 32) throw new TooManyMessages(this.words);
    this.#ids.set(key, id);
    this.#all.push(sent);
    const excluded = new Uint32Array(this.words);
    for (let other = 0; other < id; other++) {
      if (this.#conflict(this.#all[other]!, sent) === undefined) continue;
      setBit(excluded, other);
      setBit(this.#excluded[other]!, id);
    }
    this.#excluded.push(excluded);
    this.#concerning.forEach((bits, peer) => {
      if (sent.public || sent.from === peer || (sent.to >>> peer & 1) === 1) setBit(bits, id);
    });
    return id;
  }

  /** Whether message `id` has to do with `peer`. */
  concerns(id: number, peer: number): boolean {
    return (this.#concerning[peer]![id >>> 5]! >>> (id & 31) & 1) === 1;
  }

  /** Whether the set that starts at `offset` of `row` holds a message that may not be beside message `id`. */
  clashes(id: number, row: Uint32Array, offset: number): boolean {
    const excluded = this.#excluded[id]!;
    for (let word = 0; word < this.words; word++) {
      if ((excluded[word]! & row[offset + word]!) !== 0) return true;
    }
    return false;
  }

  /** Why a set is impossible; undefined if it is not. */
  clash(ids: readonly number[]): Broken | undefined {
    for (const a of ids) {
      for (const b of ids) {
        const broken = a < b ? this.#conflict(this.#all[a]!, this.#all[b]!) : undefined;
        if (broken !== undefined) return broken;
      }
    }
    return undefined;
  }
}

function setBit(words: Uint32Array, bit: number): void {
  words[bit >>> 5]! |= 1 << (bit & 31);
}
