import type { Clock } from "../../actor/mod.ts";
import type { Machine } from "./machine.ts";
import { Occurrence } from "./world_event.ts";

/** Milliseconds since 1970 at which every world begins: 1 January 2024. */
export const EPOCH = 1_704_067_200_000;

/** No timer is shorter, as on real threads: what tries again and again without a pause takes time. */
const SHORTEST = 1;

interface Timer {
  /** On this clock. */
  readonly due: number;
  readonly fn: () => void;
  event: Occurrence;
}

/** The clock of one simulated thread: it may be ahead of the world's, and run faster or slower. */
export class LocalClock implements Clock {
  readonly #machine: Machine;
  readonly #timers = new Set<Timer>();
  /** The world's time at which `#local` was shown. */
  #since = 0;
  #local = 0;
  #rate = 1;
  #wallOffset = 0;

  constructor(machine: Machine) {
    this.#machine = machine;
  }

  now(): number {
    return this.#local + (this.#machine.world.now - this.#since) * this.#rate;
  }

  wall(): number {
    return EPOCH + this.#wallOffset + this.now();
  }

  /** Milliseconds of this clock per millisecond of the world. */
  get rate(): number {
    return this.#rate;
  }

  /** From now on it runs at `rate`, after a jump of `ahead` milliseconds forward. */
  set(rate: number, ahead: number): void {
    this.#local = this.now() + ahead;
    this.#since = this.#machine.world.now;
    this.#rate = rate;
    for (const timer of this.#timers) {
      timer.event.cancelled = true;
      this.#arm(timer);
    }
  }

  /** What people's clocks show differs from {@linkcode now} by `ms` more, either way. */
  setWall(ms: number): void {
    this.#wallOffset += ms;
  }

  setTimeout(fn: () => void, ms: number): Disposable {
    const timer = { due: this.now() + (ms > SHORTEST ? ms : SHORTEST), fn } as Timer;
    this.#timers.add(timer);
    this.#arm(timer);
    return {
      [Symbol.dispose]: () => {
        timer.event.cancelled = true;
        this.#timers.delete(timer);
      },
    };
  }

  #arm(timer: Timer): void {
    const { world } = this.#machine;
    const left = Math.max(0, (timer.due - this.now()) / this.#rate);
    timer.event = new Occurrence(this.#machine, "timer", () => {
      this.#timers.delete(timer);
      timer.fn();
    });
    world.at(world.now + left, timer.event);
  }
}
