import type { ActorId } from "../../actor/mod.ts";
import type { Pulse } from "../threads/ground.ts";
import type { PulseWork } from "../threads/pulse.ts";
import type { Machine } from "./machine.ts";

/** The signs of life of a simulated thread. Beats are counted, not made: a thread that lives has had one every `beatMs`. */
export class SimulatedPulse implements Pulse {
  readonly heapUsed = 0;
  readonly #beatMs: number;
  readonly #startedAt: number;
  #machine: Machine | undefined;
  #begun = 0;
  #current: PulseWork | undefined;

  constructor(beatMs: number, startedAt: number) {
    this.#beatMs = beatMs;
    this.#startedAt = startedAt;
  }

  /** The thread listens from now on. */
  up(machine: Machine): void {
    this.#machine = machine;
  }

  get beats(): number {
    const machine = this.#machine;
    if (machine === undefined) return 0;
    const at = machine.heldSince ?? machine.world.now;
    return 1 + Math.floor((at - this.#startedAt) / this.#beatMs);
  }

  get beatAt(): number {
    return this.#startedAt + (this.beats - 1) * this.#beatMs;
  }

  get begun(): number {
    return this.#begun;
  }

  get current(): PulseWork | undefined {
    return this.#current;
  }

  began(actor: ActorId, method: string, at: number): void {
    this.#begun++;
    this.#current = { actor, method, since: at };
  }

  rested(): void {
    this.#current = undefined;
  }

  /** A thread of a world that is ended runs no more. */
  condemn(): void {}
}
