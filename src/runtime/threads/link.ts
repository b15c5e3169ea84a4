import * as Comlink from "comlink";
import type { Remote } from "comlink";
import type { MessagePort, TransferListItem } from "node:worker_threads";
import type { Clock, Random } from "../../actor/mod.ts";
import type { Envelope } from "../../actor/envelope.ts";
import type { Packed } from "./packing.ts";
import { Packer, unpack } from "./packing.ts";
import { receivingEndpoint, sendingEndpoint } from "./endpoint.ts";
import type { DropReason } from "./faulty_way.ts";
import { FaultyWay, holds } from "./faulty_way.ts";
import type { LinkFaults } from "./place_faults.ts";
import { atEndOfTurn } from "./platform.ts";

/** What a link tells its owner. */
export interface LinkEvents {
  /** Everything that the other side sent in one turn of its event loop. */
  received(batch: readonly Envelope[]): void;
  /** The other side is gone, and everything that it sent was received. */
  closed(): void;
  /** `envelope` holds something that does not cross. */
  undeliverable(envelope: Envelope, cause: Error): void;
  /** The other side tried something else than to deliver. */
  refused(message: unknown): void;
  /** A fault lost `envelope`. */
  dropped(envelope: Envelope, why: DropReason): void;
}

/** How a link is disturbed. */
export interface Disturbed {
  readonly faults: LinkFaults;
  readonly clock: Clock;
  readonly random: Random;
}

/** The methods that comlink carries. */
type Wire = { deliver(batch: Packed): void };

/** One end of the message port between two threads. What is sent in one turn travels as one comlink call. */
export class Link {
  readonly #port: MessagePort;
  readonly #events: LinkEvents;
  readonly #remote: Remote<Wire>;
  readonly #deliver: Remote<Wire>["deliver"];
  readonly #flush = (): void => this.flush();
  readonly #way: FaultyWay | undefined;
  readonly #outbox = new Packer();
  #transfer: TransferListItem[] = [];
  #flushing = false;
  #closed = false;
  #failure: Error | undefined;

  constructor(port: MessagePort, events: LinkEvents, disturbed?: Disturbed) {
    this.#port = port;
    this.#events = events;
    if (disturbed !== undefined) {
      const { faults, clock, random } = disturbed;
      this.#way = new FaultyWay(faults, clock, random, {
        ...events,
        post: (batch, transfer) => this.#post(batch, transfer),
      });
    }
    const wire: Wire = Object.assign(Object.create(null), {
      deliver: (batch: Packed) => this.#received(batch),
    });
    this.#remote = Comlink.wrap<Wire>(sendingEndpoint(port, (error) => (this.#failure = error)));
    this.#deliver = this.#remote.deliver;
    port.on("close", () => {
      this.#end();
      events.closed();
    });
    port.on("messageerror", (error) => events.refused(error));
    Comlink.expose(wire, receivingEndpoint(port, (message) => events.refused(message)));
  }

  get closed(): boolean {
    return this.#closed;
  }

  #received(batch: Packed): void {
    let envelopes: Envelope[];
    try {
      envelopes = unpack(batch);
    } catch (error) {
      return this.#events.refused(error);
    }
    if (this.#way === undefined || this.#way.open) return this.#events.received(envelopes);
    const admitted = this.#way.admit(envelopes);
    if (admitted.length > 0) this.#events.received(admitted);
  }

  /** What is wrong with the link has changed. */
  look(): void {
    this.#way?.look();
  }

  /** Queues `envelope` until the end of this turn. */
  send(envelope: Envelope, transfer: readonly TransferListItem[]): void {
    if (this.#closed) return;
    this.#outbox.add(envelope);
    for (const item of transfer) this.#transfer.push(item);
    if (this.#flushing) return;
    this.#flushing = true;
    atEndOfTurn(this.#flush);
  }

  /** Sends what is queued now. */
  flush(): void {
    this.#flushing = false;
    if (this.#outbox.empty || this.#closed) return;
    const batch = this.#outbox.take();
    const transfer = this.#transfer;
    if (transfer.length > 0) this.#transfer = [];
    if (this.#way !== undefined && !this.#way.clear) return this.#way.send(batch, transfer);
    if (this.#post(batch, transfer) === undefined) return;
    // One envelope in the batch does not cross: find it, and let the others go.
    const alone = new Packer();
    for (const envelope of unpack(batch)) {
      const mine = transfer.filter((item) => holds(envelope, item));
      alone.add(envelope);
      const error = this.#post(alone.take(), mine);
      if (error !== undefined) this.#events.undeliverable(envelope, error);
    }
  }

  /** Sends what is queued, then closes: the other side sees `closed` after it has received everything. */
  close(): void {
    if (this.#closed) return;
    this.flush();
    this.#port.close();
    this.#end();
  }

  /** Comlink registers its proxies for the whole process, and the endpoint that it keeps with each leads back here. */
  #end(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#way?.close();
    for (const proxy of [this.#deliver, this.#remote]) proxy[Comlink.releaseProxy]();
  }

  #post(batch: Packed, transfer: TransferListItem[]): Error | undefined {
    this.#failure = undefined;
    void this.#deliver(
      transfer.length > 0 ? Comlink.transfer(batch, transfer as unknown as ArrayBuffer[]) : batch,
    );
    return this.#failure;
  }
}
