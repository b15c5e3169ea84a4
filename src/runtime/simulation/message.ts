import type { NodeId } from "../../actor/mod.ts";
import type { Envelope } from "../../actor/envelope.ts";
import type { Machine } from "./machine.ts";
import type { WorldEvent } from "./world_event.ts";

/** What travels on a simulated link: as on threads, what one thread sends another in one turn travels together. */
export interface Message {
  readonly envelopes: Envelope[];
  readonly from: NodeId;
  readonly to: NodeId;
}

/** A message arrives. */
export class Arrival implements WorldEvent {
  readonly machine: Machine;
  cancelled = false;
  readonly #message: Message;
  readonly #receive: (message: Message) => void;

  constructor(machine: Machine, message: Message, receive: (message: Message) => void) {
    this.machine = machine;
    this.#message = message;
    this.#receive = receive;
  }

  run(): void {
    this.#receive(this.#message);
  }

  describe(): string {
    const { envelopes, from } = this.#message;
    const { place } = this.machine;
    const what = envelopes.map((each) =>
      "method" in each ? `${each.kind} ${each.method}` : each.kind
    );
    return `${place} < ${from} ${what.join(", ")}`;
  }
}
