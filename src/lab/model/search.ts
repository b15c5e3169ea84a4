import { type Faults, packFaults } from "./faults.ts";
import type { Automata } from "./automaton.ts";
import type { Broken, Budget } from "./protocol.ts";
import { StateTable } from "./state_table.ts";
import type { Way } from "./quiet.ts";
import { type VisibleMove, visibleMoves } from "./visible.ts";

/** The first state found that breaks an invariant. */
export interface Violation extends Broken {
  /** Numbers of the states on the way to it, from the first on. */
  readonly path: readonly number[];
  /** The step after the last of them. */
  readonly last: PeerMove;
}

/** A {@linkcode VisibleMove} of peer `peer`. */
export interface PeerMove {
  readonly peer: number;
  readonly move: VisibleMove;
}

/**
 * Breadth-first search of all that a protocol can do. A row is: a word per peer (its state), words of bits (the messages ever
 * sent), a word of the faults left.
 */
export class Search<L> {
  readonly automata: Automata<L>;
  /** What happens in some run, as `win`. */
  readonly seen: Set<string> = new Set<string>();
  readonly #table: StateTable;
  readonly #peers: number;
  readonly #words: number;
  readonly #now: Uint32Array;
  readonly #then: Uint32Array;
  /** Per peer and local state: what it may show next, by the messages under way and the faults left. */
  readonly #memo: Map<string, readonly VisibleMove[]>[][];
  /** The state that led to each. */
  #parents = new Uint32Array(1 << 12);
  #next = 0;
  #depth = 0;
  #depthEnd = 1;
  #steps = 0;
  #violation: Violation | undefined;

  constructor(automata: Automata<L>, budget: Budget) {
    this.automata = automata;
    this.#peers = automata.peers.length;
    this.#words = automata.messages.words;
    this.#memo = automata.peers.map(() => []);
    this.#table = new StateTable(this.#peers + this.#words + 1);
    this.#now = new Uint32Array(this.#table.width);
    this.#then = new Uint32Array(this.#table.width);
    this.#now[this.#peers + this.#words] = packFaults(budget);
    this.#table.add(this.#now);
  }

  /** Different states found. */
  get states(): number {
    return this.#table.size;
  }

  /** Steps taken from one state to another. */
  get steps(): number {
    return this.#steps;
  }

  /** Steps from the start to the states that are being looked at. */
  get depth(): number {
    return this.#depth;
  }

  /** States that were not looked at yet. */
  get left(): number {
    return this.#table.size - this.#next;
  }

  get violation(): Violation | undefined {
    return this.#violation;
  }

  /** Whether there is nothing left to look at, or a violation was found. */
  get ended(): boolean {
    return this.#violation !== undefined || this.left === 0;
  }

  /** Bytes of states and of the ways to them. */
  get bytes(): number {
    return this.#table.bytes + this.#parents.byteLength;
  }

  /** Looks at up to `count` more states. */
  advance(count: number): void {
    for (let i = 0; i < count && !this.ended; i++) {
      if (this.#next === this.#depthEnd) {
        this.#depth++;
        this.#depthEnd = this.#table.size;
      }
      this.#expand(this.#next++);
    }
  }

  /** The state numbered `row`, as words. */
  rowOf(row: number): Uint32Array {
    const words = new Uint32Array(this.#table.width);
    this.#table.read(row, words);
    return words;
  }

  /** A step that leads from one state to another. */
  moveBetween(from: Uint32Array, to: Uint32Array): PeerMove | undefined {
    for (let peer = 0; peer < this.#peers; peer++) {
      for (const move of this.#visible(from, peer)) {
        this.#follow(from, peer, move);
        this.#forget(this.#then);
        if (to.every((word, i) => word === this.#then[i])) return { peer, move };
      }
    }
    return undefined;
  }

  #expand(row: number): void {
    this.#table.read(row, this.#now);
    for (let peer = 0; peer < this.#peers; peer++) {
      for (const move of this.#visible(this.#now, peer)) {
        this.#follow(this.#now, peer, move);
        this.#steps++;
        const broken = move.broken ?? this.#clash(move);
        if (broken !== undefined) {
          this.#violation = { ...broken, path: this.#pathTo(row), last: { peer, move } };
          return;
        }
        this.#forget(this.#then);
        if (this.#table.add(this.#then)) this.#noteParent(row);
      }
    }
  }

  #visible(row: Uint32Array, peer: number): readonly VisibleMove[] {
    const local = row[peer]!;
    const memo = this.#memo[peer]![local] ??= new Map();
    const key = this.#surroundings(row, peer);
    let moves = memo.get(key);
    if (moves === undefined) {
      const air = (id: number): boolean => this.#holds(row, id);
      moves = visibleMoves(this.automata.peers[peer]!, local, air, this.#faultsLeft(row));
      for (const move of moves) this.#note(move.way);
      memo.set(key, moves);
    }
    return moves;
  }

  #note(way: Way): void {
    for (let at: Way | undefined = way; at !== undefined; at = at.before) {
      for (const tag of at.move.tags) this.seen.add(tag);
    }
  }

  /** The messages that matter to a peer and the faults left, as text. */
  #surroundings(row: Uint32Array, peer: number): string {
    const over = this.automata.peers[peer]!.over[row[peer]!]!;
    const faults = this.#faultsLeft(row);
    let key = String.fromCharCode(faults & 0xffff, faults >>> 16);
    for (let i = 0; i < this.#words; i++) {
      const word = row[this.#peers + i]! & ~over[i]!;
      key += String.fromCharCode(word & 0xffff, word >>> 16);
    }
    return key;
  }

  #faultsLeft(row: Uint32Array): Faults {
    return row[row.length - 1]!;
  }

  #messagesIn(row: Uint32Array): number[] {
    const ids: number[] = [];
    for (let id = 0; id < this.automata.messages.size; id++) if (this.#holds(row, id)) ids.push(id);
    return ids;
  }

  #holds(row: Uint32Array, id: number): boolean {
    return (row[this.#peers + (id >>> 5)]! >>> (id & 31) & 1) === 1;
  }

  /** Makes the row after a move. */
  #follow(row: Uint32Array, peer: number, move: VisibleMove): void {
    const then = this.#then;
    const last = then.length - 1;
    for (let i = 0; i < last; i++) then[i] = row[i]!;
    then[last] = row[last]! - move.faults;
    then[peer] = move.local;
    for (let i = 0; i < move.sent.length; i++) {
      const id = move.sent[i]!;
      then[this.#peers + (id >>> 5)]! |= 1 << (id & 31);
    }
  }

  /** Takes out the messages that are over for everybody. */
  #forget(row: Uint32Array): void {
    for (let word = 0; word < this.#words; word++) {
      let over = row[this.#peers + word]!;
      for (let peer = 0; peer < this.#peers && over !== 0; peer++) {
        over &= this.automata.peers[peer]!.over[row[peer]!]![word]!;
      }
      row[this.#peers + word]! &= ~over;
    }
  }

  #clash(move: VisibleMove): Broken | undefined {
    for (const id of move.sent) {
      if (this.automata.messages.clashes(id, this.#then, this.#peers)) {
        return this.automata.messages.clash(this.#messagesIn(this.#then));
      }
    }
    return undefined;
  }

  #noteParent(row: number): void {
    const added = this.#table.size - 1;
    if (added === this.#parents.length) {
      const grown = new Uint32Array(Math.ceil(added * 1.6));
      grown.set(this.#parents);
      this.#parents = grown;
    }
    this.#parents[added] = row;
  }

  #pathTo(row: number): number[] {
    const path = [row];
    for (let at = row; at !== 0; path.push(at)) at = this.#parents[at]!;
    return path.reverse();
  }
}
