import type { PeerId } from "../../election/mod.ts";
import type { Observed } from "../invariants/mod.ts";

const double = new Float64Array(1);
const halves = new Uint32Array(double.buffer);

/** Sums up a run in 64 bits: two runs that differ anywhere, by a bit of a time, differ here too. */
export class TraceHash {
  #a = 0x811c9dc5;
  #b = 0x01b3c5d7;

  /** An event of the trace: when, whose, which. */
  event(at: number, peer: PeerId, event: Observed): void {
    this.number(at);
    this.text(peer);
    this.text(event.kind);
    if ("epoch" in event) this.number(event.epoch);
  }

  /** All bits of a number; times are of one byte order wherever this runs, see {@linkcode digest}. */
  number(value: number): void {
    double[0] = value;
    this.#mix(halves[0]!);
    this.#mix(halves[1]!);
  }

  text(text: string): void {
    for (let i = 0; i < text.length; i++) this.#mix(text.charCodeAt(i));
    this.#mix(text.length);
  }

  /** 16 hexadecimal digits; the same on every little-endian machine. */
  get digest(): string {
    return [this.#a, this.#b].map((half) => (half >>> 0).toString(16).padStart(8, "0")).join("");
  }

  #mix(word: number): void {
    this.#a = Math.imul(this.#a ^ word, 0x01000193);
    this.#b = Math.imul((this.#b + word) | 0, 0x85ebca6b);
    this.#b ^= this.#b >>> 15;
  }
}
