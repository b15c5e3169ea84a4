import type { ActorId, NodeId } from "../../actor/mod.ts";
import { actorId } from "../../actor/mod.ts";
import type { Pulse } from "./ground.ts";

// Words of 32 bits.
const BEATS = 0;
const BEGUN = 1;
const METHOD = 2;
const ACTOR = 3;
const CONDEMNED = 4;
const WORDS = 6;
// Numbers of 64 bits, behind the words.
const BEAT_AT = 0;
const SINCE = 1;
const HEAP_USED = 2;
const NUMBERS = 3;
// Method names, behind the numbers: one byte of length, then UTF-8. Slot 0 stands for none.
const SLOTS = 128;
const SLOT_BYTES = 48;

const NUMBERS_AT = WORDS * 4;
const NAMES_AT = NUMBERS_AT + NUMBERS * 8;

/** A method, an `init` or a `callback` that has its thread, and that nobody else can be asked about. */
export interface PulseWork {
  readonly actor: ActorId;
  /** Cut at 47 bytes; undefined in a thread that has more different ones than there is room for. */
  readonly method: string | undefined;
  /** When it began, on the system's clock. */
  readonly since: number;
}

/** Memory that a thread and its watcher share. */
export function newPulse(): SharedArrayBuffer {
  return new SharedArrayBuffer(NAMES_AT + SLOTS * SLOT_BYTES);
}

/** The thread's side: says what it does before it does it. Costs two or three stores per message. */
export class PulseWriter {
  readonly #words: Int32Array;
  readonly #numbers: Float64Array;
  readonly #names: Uint8Array;
  readonly #slots = new Map<string, number>();
  #lastActor: ActorId | undefined;
  #lastMethod: string | undefined;

  constructor(memory: SharedArrayBuffer) {
    this.#words = new Int32Array(memory, 0, WORDS);
    this.#numbers = new Float64Array(memory, NUMBERS_AT, NUMBERS);
    this.#names = new Uint8Array(memory, NAMES_AT);
  }

  /** The event loop came round. */
  beat(now: number, heapUsed: number): void {
    this.#numbers[BEAT_AT] = now;
    this.#numbers[HEAP_USED] = heapUsed;
    Atomics.add(this.#words, BEATS, 1);
  }

  began(actor: ActorId, method: string, at: number): void {
    const words = this.#words;
    if (actor !== this.#lastActor) {
      this.#lastActor = actor;
      words[ACTOR] = Number(actor.slice(actor.lastIndexOf("/") + 1));
    }
    if (method !== this.#lastMethod || words[METHOD] === 0) {
      this.#lastMethod = method;
      words[METHOD] = this.#slots.get(method) ?? this.#addName(method);
    }
    this.#numbers[SINCE] = at;
    words[BEGUN] = (words[BEGUN] as number) + 1;
  }

  rested(): void {
    this.#words[METHOD] = 0;
  }

  /** Whether this thread was declared dead: what it still does must not count. */
  get condemned(): boolean {
    return this.#words[CONDEMNED] !== 0;
  }

  #addName(method: string): number {
    const slot = this.#slots.size + 1;
    if (slot >= SLOTS) return SLOTS;
    const at = slot * SLOT_BYTES;
    const name = encoder.encode(method).subarray(0, SLOT_BYTES - 1);
    this.#names[at] = name.length;
    this.#names.set(name, at + 1);
    this.#slots.set(method, slot);
    return slot;
  }
}

/** The watcher's side. */
export class PulseReader implements Pulse {
  readonly #node: NodeId;
  readonly #words: Int32Array;
  readonly #numbers: Float64Array;
  readonly #names: Uint8Array;

  constructor(node: NodeId, memory: SharedArrayBuffer) {
    this.#node = node;
    this.#words = new Int32Array(memory, 0, WORDS);
    this.#numbers = new Float64Array(memory, NUMBERS_AT, NUMBERS);
    this.#names = new Uint8Array(memory, NAMES_AT);
  }

  /** Beats so far; wraps. */
  get beats(): number {
    return Atomics.load(this.#words, BEATS);
  }

  /** When the last beat was, in milliseconds on the thread's own clock. */
  get beatAt(): number {
    return this.#numbers[BEAT_AT] as number;
  }

  /** Methods, inits and callbacks begun so far; wraps. */
  get begun(): number {
    return this.#words[BEGUN] as number;
  }

  /** Bytes of the thread's heap in use at its last beat. */
  get heapUsed(): number {
    return this.#numbers[HEAP_USED] as number;
  }

  /** Declares the thread dead, see {@linkcode PulseWriter.condemned}. */
  condemn(): void {
    Atomics.store(this.#words, CONDEMNED, 1);
  }

  /** What was begun last and has not finished. */
  get current(): PulseWork | undefined {
    const slot = this.#words[METHOD] as number;
    if (slot === 0) return undefined;
    return {
      actor: actorId(this.#node, this.#words[ACTOR] as number),
      method: slot < SLOTS ? this.#name(slot) : undefined,
      since: this.#numbers[SINCE] as number,
    };
  }

  #name(slot: number): string {
    const at = slot * SLOT_BYTES;
    // A copy: decoders refuse shared memory.
    return decoder.decode(this.#names.slice(at + 1, at + 1 + (this.#names[at] as number)));
  }
}

const encoder = new TextEncoder();
const decoder = new TextDecoder();
