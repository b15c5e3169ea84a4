import type { SystemEvent } from "../../actor/mod.ts";
import type { EventFilter, WireEvent } from "./event_wire.ts";
import { passes, toWire } from "./event_wire.ts";

/** Events that are kept for who asks later. */
const KEPT = 5_000;

/** The events of a cluster for those who look from outside: the last ones, and those that come. */
export class EventFeed implements Disposable {
  readonly #kept: WireEvent[] = [];
  readonly #start: number;
  readonly #readers = new Set<(event: WireEvent) => void>();
  readonly #source: Disposable;
  /** Where the oldest is, once there are as many as are kept. */
  #oldest = 0;

  /** @param start when the cluster's clock began, in milliseconds since 1970 */
  constructor(on: (fn: (event: SystemEvent) => void) => Disposable, start: number) {
    this.#start = start;
    this.#source = on((event) => this.#add(event));
  }

  /** The last `most` of those that `filter` lets through, oldest first. */
  last(most: number, filter: EventFilter): WireEvent[] {
    if (most === 0) return [];
    const inOrder = [...this.#kept.slice(this.#oldest), ...this.#kept.slice(0, this.#oldest)];
    return inOrder.filter((event) => passes(filter, event)).slice(-most);
  }

  /** Calls `fn` for those that come. */
  read(filter: EventFilter, fn: (event: WireEvent) => void): Disposable {
    const reader = (event: WireEvent): void => {
      if (passes(filter, event)) fn(event);
    };
    this.#readers.add(reader);
    return { [Symbol.dispose]: () => void this.#readers.delete(reader) };
  }

  [Symbol.dispose](): void {
    this.#source[Symbol.dispose]();
    this.#readers.clear();
  }

  #add(event: SystemEvent): void {
    const wire = toWire(event, this.#start);
    if (this.#kept.length < KEPT) this.#kept.push(wire);
    else {
      this.#kept[this.#oldest] = wire;
      this.#oldest = (this.#oldest + 1) % KEPT;
    }
    for (const reader of [...this.#readers]) reader(wire);
  }
}
