import type { Endpoint } from "comlink";
import type { MessagePort, TransferListItem } from "node:worker_threads";
import { batchOf, textOf } from "./batch_text.ts";
import type { Packed } from "./packing.ts";
import { TEXTS_ARE_FASTER } from "./platform.ts";

/** The one method that travels on a link. */
const PATH: readonly string[] = ["deliver"];

type Listener = (event: { data: unknown }) => void;
type Transfer = readonly TransferListItem[];

/** What comlink hands to the endpoint of its `wrap`: a call, or that a proxy was let go of. */
interface Call {
  readonly id: string;
  readonly argumentList?: readonly [{ readonly value: unknown }];
}

/** What comlink hands to the endpoint of its `expose`: what a call gave. */
interface Answer {
  readonly value?: unknown;
}

/** What the endpoints need of their link. */
export interface EndpointEvents {
  /** Comlink is about to hand over `batch`, as a call or as the answer to one. */
  coming(batch: unknown[]): void;
  /** What the other side sent is no batch. */
  refused(message: unknown): void;
  /** Comlink answers a call with `batch`. */
  answered(batch: unknown): void;
  /** `batch` holds something that does not cross. */
  failed(batch: unknown, transfer: Transfer, error: Error): void;
}

/**
 * Both ends of comlink on a link's port: `calling` for its `wrap`, `called` for its `expose`. All that ever travels is a list, the
 * one argument of a call of `deliver` or what such a call gave, so the list is all that is posted. What else comlink knows (get, set,
 * construct, longer paths) would let the other side run code here, and cannot be said.
 *
 * Of the calls made here only the newest is open, and the first list that comes answers it: all that comes next answers what
 * went out last, whatever the other side meant it to be. So no call needs an answer, and none but the newest can be pending.
 */
export class Endpoints {
  readonly calling: Endpoint;
  readonly called: Endpoint;
  readonly #port: MessagePort;
  readonly #events: EndpointEvents;
  #open: string | undefined;
  #onAnswer: Listener | undefined;
  #onCall: Listener | undefined;

  constructor(port: MessagePort, events: EndpointEvents) {
    this.#port = port;
    this.#events = events;
    this.calling = endpoint(
      ({ id, argumentList }: Call, transfer) => {
        // A proxy was let go of. The port's own end tells the other side.
        if (argumentList === undefined) return;
        this.#settle(undefined);
        this.#open = id;
        this.post(argumentList[0].value, transfer);
      },
      (listener) => (this.#onAnswer = listener),
    );
    this.called = endpoint(
      ({ value }: Answer) => events.answered(value),
      (listener) => (this.#onCall = listener),
    );
  }

  /** Begins to take what the other side sends. */
  start(): void {
    this.#port.on("message", (message: unknown) => {
      const batch = batchOf(message);
      if (!Array.isArray(batch)) return this.#events.refused(batch);
      this.#events.coming(batch);
      if (this.#open !== undefined) return this.#settle(batch);
      const argumentList = [{ type: "RAW", value: batch }];
      this.#onCall?.({ data: { type: "APPLY", path: PATH, argumentList } });
    });
  }

  post(batch: unknown, transfer: Transfer = []): void {
    const text = TEXTS_ARE_FASTER ? textOf(batch as Packed) : undefined;
    try {
      if (transfer.length === 0) this.#port.postMessage(text ?? batch);
      else this.#port.postMessage(batch, transfer);
    } catch (error) {
      this.#events.failed(batch, transfer, error as Error);
    }
  }

  #settle(value: unknown): void {
    const id = this.#open;
    if (id === undefined) return;
    this.#open = undefined;
    this.#onAnswer?.({ data: { id, type: "RAW", value } });
  }
}

function endpoint<M>(
  postMessage: (message: M, transfer?: Transfer) => void,
  listen: (listener: Listener) => void,
): Endpoint {
  const made = {
    postMessage,
    addEventListener: (_type: string, listener: Listener): void => listen(listener),
    removeEventListener: (): void => {},
  };
  return made as unknown as Endpoint;
}
