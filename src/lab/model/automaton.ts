import { Messages } from "./messages.ts";
import type { Broken, Fault, Outcome, Protocol, Sent } from "./protocol.ts";

/** An {@linkcode Outcome} in numbers. */
export interface Move {
  /** What the peer heard; undefined where it did something by itself. */
  readonly message: number | undefined;
  /** Number of the peer's state afterwards. */
  readonly local: number;
  /** Numbers of the messages that it sends. */
  readonly sent: readonly number[];
  readonly fault: Fault | undefined;
  readonly broken: Broken | undefined;
  /** As in {@linkcode Outcome}. */
  readonly tags: readonly string[];
}

/** One peer whatever the others do: its states, numbered, and what may come of each. State 0 is the first. */
export interface Automaton<L> {
  readonly locals: readonly L[];
  /** Per state, without those that change nothing. */
  readonly moves: readonly (readonly Move[])[];
  /** Per state the bits of the messages that are nothing to it any more, or never were. */
  readonly over: readonly Uint32Array[];
}

/** Every peer by itself, and all that they can say. */
export interface Automata<L> {
  readonly messages: Messages;
  readonly peers: readonly Automaton<L>[];
}

/**
 * Asks a protocol for all that its peers can do, each for itself among all messages that any of them can ever send: some
 * thousands of states, while the whole has millions. The protocol's own code runs only here.
 */
export class AutomataMaker<L> {
  readonly #messages: Messages;
  readonly #makers: readonly Maker<L>[];

  /** @param words 32-bit words that a set of messages has */
  constructor(protocol: Protocol<L>, words: number) {
    this.#messages = new Messages(protocol.peers, words, (a, b) => protocol.conflict(a, b));
    this.#makers = Array.from(
      { length: protocol.peers },
      (_, peer) => new Maker(protocol, peer, this.#messages),
    );
  }

  /** States of peers found so far. */
  get locals(): number {
    return this.#makers.reduce((sum, maker) => sum + maker.size, 0);
  }

  /**
   * Looks at up to `count` states of each peer; gives whether everything is known.
   *
   * @throws TooManyMessages
   */
  advance(count: number): boolean {
    // What one says may let another say something new.
    return !this.#makers.map((maker) => maker.grow(count)).includes(true);
  }

  get automata(): Automata<L> {
    return { messages: this.#messages, peers: this.#makers.map((maker) => maker.automaton()) };
  }
}

class Maker<L> {
  readonly #protocol: Protocol<L>;
  readonly #peer: number;
  readonly #messages: Messages;
  readonly #ids = new Map<string, number>();
  /** The very objects that are numbered, which spares their keys. */
  readonly #same = new Map<L, number>();
  readonly #locals: L[] = [];
  readonly #moves: Move[][] = [];
  /** Per state, how many messages it has heard; -1: it did nothing by itself yet. */
  readonly #heard: number[] = [];
  readonly #over: Uint32Array[] = [];
  #next = 0;

  constructor(protocol: Protocol<L>, peer: number, messages: Messages) {
    this.#protocol = protocol;
    this.#peer = peer;
    this.#messages = messages;
    this.#idOf(protocol.start(peer));
  }

  get size(): number {
    return this.#locals.length;
  }

  /** Looks at up to `count` states again; gives whether one of them had something new to hear. */
  grow(count: number): boolean {
    let grew = false;
    for (let i = 0; i < count && i < this.#locals.length; i++) {
      const id = this.#next++ % this.#locals.length;
      if (this.#heard[id] === this.#messages.size) continue;
      grew = true;
      const local = this.#locals[id]!;
      if (this.#heard[id]! < 0) {
        this.#heard[id] = 0;
        this.#note(id, undefined, this.#protocol.spontaneous(this.#peer, local));
      }
      for (; this.#heard[id]! < this.#messages.size; this.#heard[id]!++) this.#hear(id, local);
    }
    return grew || this.#heard.some((heard) => heard !== this.#messages.size);
  }

  automaton(): Automaton<L> {
    return { locals: this.#locals, moves: this.#moves, over: this.#over };
  }

  #hear(id: number, local: L): void {
    const message = this.#heard[id]!;
    const sent = this.#messages.get(message);
    const concerns = this.#messages.concerns(message, this.#peer);
    const over = !concerns || this.#protocol.isOver(this.#peer, local, sent);
    if (over) this.#over[id]![message >>> 5]! |= 1 << (message & 31);
    if (!concerns) return;
    const count = this.#moves[id]!.length;
    this.#note(id, message, this.#protocol.delivered(this.#peer, local, sent));
    if (!over || this.#moves[id]!.length === count) return;
    throw new Error(
      `${sent.text} is said to be over for ${this.#protocol.describe(local)}, but changes it`,
    );
  }

  #note(id: number, message: number | undefined, outcomes: readonly Outcome<L>[]): void {
    const moves = this.#moves[id]!;
    for (const { local, sent, fault, broken, tags } of outcomes) {
      const move: Move = {
        message,
        // Nothing is asked of what comes after a broken rule.
        local: broken === undefined ? this.#idOf(local) : id,
        sent: sent.map((envelope: Sent) => this.#messages.idOf(envelope)),
        fault,
        broken,
        tags,
      };
      const idle = move.local === id && sent.length === 0 && broken === undefined;
      if (!idle && !moves.some((other) => isSame(other, move))) moves.push(move);
    }
  }

  #idOf(local: L): number {
    const same = this.#same.get(local);
    if (same !== undefined) return same;
    const key = this.#protocol.key(local);
    const known = this.#ids.get(key);
    if (known !== undefined) return known;
    const id = this.#locals.push(local) - 1;
    this.#ids.set(key, id);
    this.#same.set(local, id);
    this.#moves.push([]);
    this.#heard.push(-1);
    this.#over.push(new Uint32Array(this.#messages.words));
    return id;
  }
}

function isSame(a: Move, b: Move): boolean {
  return a.message === b.message && a.local === b.local && a.fault === b.fault &&
    a.broken === b.broken && a.sent.length === b.sent.length &&
    a.sent.every((id) => b.sent.includes(id));
}
