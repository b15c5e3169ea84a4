import type { Clock } from "../../actor/mod.ts";
import type { SystemEvent } from "../../actor/host.ts";

/** Milliseconds that an event may wait for others to travel with. */
const COMPANY_MS = 10;

/**
 * A thread's events on their way to the main thread. They tell what happened and nobody waits for them, so they travel together, most
 * often once it is over: each journey wakes the main thread, which takes a core from those that are busy with what the events tell of.
 */
export class EventOutbox {
  readonly #clock: Clock;
  readonly #send: (events: readonly SystemEvent[]) => void;
  #events: SystemEvent[] = [];
  #timer: Disposable | undefined;

  constructor(clock: Clock, send: (events: readonly SystemEvent[]) => void) {
    this.#clock = clock;
    this.#send = send;
  }

  add(event: SystemEvent): void {
    this.#events.push(event);
    this.#timer ??= this.#clock.setTimeout(() => this.flush(), COMPANY_MS);
  }

  /** Sends what there is: whatever else goes to the main thread must not overtake the events before it. */
  flush(): void {
    this.#timer?.[Symbol.dispose]();
    this.#timer = undefined;
    const events = this.#events;
    if (events.length === 0) return;
    this.#events = [];
    try {
      this.#send(events);
    } catch {
      for (const event of events) this.#sendAlone(event);
    }
  }

  /** An event whose data does not cross is told without it. */
  #sendAlone(event: SystemEvent): void {
    try {
      this.#send([event]);
    } catch {
      this.#send([{ ...event, data: {} }]);
    }
  }
}
