import * as Comlink from "comlink";
import type { Remote } from "comlink";
import type { MessagePort, TransferListItem } from "node:worker_threads";
import type { Clock, Random } from "../../actor/mod.ts";
import type { Envelope } from "../../actor/envelope.ts";
import { Fifo } from "../../actor/fifo.ts";
import type { Packed } from "./packing.ts";
import { Packer, unpack } from "./packing.ts";
import { Endpoints } from "./endpoint.ts";
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

/** The method that comlink carries. What it gives is what the other side sent next, if that came before the next call. */
type Wire = { deliver(batch: Packed): Promise<Packed | undefined> };

/** What is posted at once. */
interface Parcel {
  readonly batch: Packed;
  readonly transfer: TransferListItem[];
}

/**
 * One end of the message port between two threads. What is sent in one turn travels as one comlink call, or as the answer to
 * one: an ask and its reply are a call and what it gives.
 */
export class Link {
  readonly #port: MessagePort;
  readonly #events: LinkEvents;
  readonly #endpoints: Endpoints;
  readonly #remote: Remote<Wire>;
  readonly #deliver: Remote<Wire>["deliver"];
  readonly #way: FaultyWay | undefined;
  readonly #outbox = new Packer();
  #transfer: TransferListItem[] = [];
  #flushing = false;
  #closed = false;
  /** Answers the newest call of the other side. */
  #answer: ((batch: Packed) => void) | undefined;
  /** What comlink is about to post as an answer. */
  #answering: Parcel | undefined;
  /** What comlink is about to hand over: a call takes it less time than an answer, and must not overtake it. */
  readonly #coming = new Fifo<Packed>();

  readonly #endOfTurn = (): void => this.#sendQueued();
  readonly #receiveNext = (): void => this.#receive();
  readonly #keepAnswer = (answer: (batch: Packed) => void): void => {
    this.#answer = answer;
  };

  constructor(port: MessagePort, events: LinkEvents, disturbed?: Disturbed) {
    this.#port = port;
    this.#events = events;
    if (disturbed !== undefined) {
      const { faults, clock, random } = disturbed;
      this.#way = new FaultyWay(faults, clock, random, {
        ...events,
        post: (batch, transfer) => this.#post({ batch, transfer }),
      });
    }
    this.#endpoints = new Endpoints(port, {
      coming: (batch) => this.#coming.push(batch),
      refused: (message) => events.refused(message),
      answered: (batch) => this.#answered(batch),
      failed: (batch, transfer, error) =>
        this.#failed(batch as Packed, transfer as TransferListItem[], error),
    });
    const wire: Wire = Object.assign(Object.create(null), { deliver: () => this.#called() });
    this.#remote = Comlink.wrap<Wire>(this.#endpoints.calling);
    this.#deliver = this.#remote.deliver;
    Comlink.expose(wire, this.#endpoints.called);
    port.on("close", () => {
      while (this.#coming.size > 0) this.#receive();
      this.#end();
      events.closed();
    });
    port.on("messageerror", (error) => events.refused(error));
    this.#endpoints.start();
  }

  get closed(): boolean {
    return this.#closed;
  }

  /** The other side calls, and hears what is sent next. */
  #called(): Promise<Packed> {
    const answer = new Promise<Packed>(this.#keepAnswer);
    this.#receive();
    return answer;
  }

  #receive(): void {
    const batch = this.#coming.shift();
    if (batch === undefined) return;
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
    atEndOfTurn(this.#endOfTurn);
  }

  /** Sends what is queued now. */
  flush(): void {
    this.#sendQueued();
    this.#hasten();
  }

  #sendQueued(): void {
    this.#flushing = false;
    if (this.#outbox.empty || this.#closed) return;
    const batch = this.#outbox.take();
    const transfer = this.#transfer;
    if (transfer.length > 0) this.#transfer = [];
    if (this.#way !== undefined && !this.#way.clear) this.#way.send(batch, transfer);
    else this.#post({ batch, transfer });
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

  #post(parcel: Parcel): void {
    this.#hasten();
    const answer = this.#answer;
    if (answer === undefined) return this.#call(parcel);
    this.#answer = undefined;
    this.#answering = parcel;
    answer(parcel.batch);
  }

  #call({ batch, transfer }: Parcel): void {
    const moving = transfer.length > 0
      ? Comlink.transfer(batch, transfer as unknown as ArrayBuffer[])
      : batch;
    this.#deliver(moving).then(this.#receiveNext);
  }

  #answered(batch: unknown): void {
    const parcel = this.#answering;
    if (parcel === undefined || parcel.batch !== batch) return;
    this.#answering = undefined;
    this.#endpoints.post(batch, parcel.transfer);
  }

  /** An answer takes comlink some promises. What cannot wait for them goes as a call of its own. */
  #hasten(): void {
    const parcel = this.#answering;
    if (parcel === undefined) return;
    this.#answering = undefined;
    this.#call(parcel);
  }

  /** One envelope in the batch does not cross: finds it, and lets the others go. */
  #failed(batch: Packed, transfer: readonly TransferListItem[], error: Error): void {
    const envelopes = unpack(batch);
    const [first] = envelopes;
    if (envelopes.length === 1) return this.#events.undeliverable(first as Envelope, error);
    const alone = new Packer();
    for (const envelope of envelopes) {
      alone.add(envelope);
      this.#call({
        batch: alone.take(),
        transfer: transfer.filter((item) => holds(envelope, item)),
      });
    }
  }
}
