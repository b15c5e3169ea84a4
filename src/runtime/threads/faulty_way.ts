import type { TransferListItem } from "node:worker_threads";
import type { Clock, Random } from "../../actor/mod.ts";
import type { Envelope } from "../../actor/envelope.ts";
import { isReliable } from "../../actor/envelope.ts";
import type { LinkRule } from "./link_rule.ts";
import type { Packed } from "./packing.ts";
import { Packer, unpack } from "./packing.ts";
import type { LinkFaults } from "./place_faults.ts";

/** Milliseconds, at most, that a message which others may overtake takes longer than twice its delay. */
const OVERTAKEN = 10;

/** Why a message did not arrive: the sender's end of the link was blocked, the receiver's was, or chance would have it. */
export type DropReason = "blocked" | "shut_out" | "lost";

/** What a {@linkcode FaultyWay} needs of its link. */
export interface WayEvents {
  /** Sends now. */
  post(batch: Packed, transfer: TransferListItem[]): void;
  received(envelopes: readonly Envelope[]): void;
  undeliverable(envelope: Envelope, cause: Error): void;
  dropped(envelope: Envelope, why: DropReason): void;
}

/** A message on its way: taken from the sender, who may not change it any more, with the buffers that move with it. */
interface Parcel {
  readonly packed: Packed;
  readonly transfer: TransferListItem[];
  readonly envelope: Envelope;
}

/**
 * What faults do at one end of a link: to each message by itself, as in simulation. In order, unless the rule asks for
 * reordering. Signals between nodes (monitors, deaths, stops) are never lost, they only wait where the link is blocked.
 */
export class FaultyWay {
  readonly #faults: LinkFaults;
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #events: WayEvents;
  /** Under way, in order, each with the time when it arrives. */
  #moving: { readonly parcel: Parcel; readonly due: number }[] = [];
  /** Waits for the end of a block or of a hold. */
  #parked: Parcel[] = [];
  /** Came in while the link was blocked, and must not be lost. */
  #outside: Envelope[] = [];
  #timer: Disposable | undefined;
  readonly #strays = new Set<Disposable>();

  constructor(faults: LinkFaults, clock: Clock, random: Random, events: WayEvents) {
    this.#faults = faults;
    this.#clock = clock;
    this.#random = random;
    this.#events = events;
  }

  /** Whether a batch may go as it is. */
  get clear(): boolean {
    return this.#faults.clear && this.#moving.length === 0 && this.#parked.length === 0;
  }

  /** Whether a batch may come in as it is. */
  get open(): boolean {
    return !this.#faults.shut && this.#outside.length === 0;
  }

  send(batch: Packed, transfer: readonly TransferListItem[]): void {
    const { rule } = this.#faults;
    this.#unpark(rule);
    for (const envelope of unpack(batch)) {
      const parcel = this.#take(envelope, transfer);
      if (parcel !== undefined) this.#pass(parcel, rule);
    }
  }

  /** What of `envelopes` comes in now, after what had to wait. */
  admit(envelopes: readonly Envelope[]): readonly Envelope[] {
    if (!this.#faults.shut) {
      const waited = this.#outside;
      this.#outside = [];
      return [...waited, ...envelopes];
    }
    for (const envelope of envelopes) {
      if (isReliable(envelope)) this.#outside.push(envelope);
      else this.#events.dropped(envelope, "shut_out");
    }
    return [];
  }

  /** The rule changed. */
  look(): void {
    this.#unpark(this.#faults.rule);
    if (this.#outside.length > 0 && !this.#faults.shut) this.#events.received(this.admit([]));
  }

  /** The link has ended; what is under way is lost. */
  close(): void {
    this.#timer?.[Symbol.dispose]();
    for (const stray of this.#strays) stray[Symbol.dispose]();
    this.#strays.clear();
    this.#moving = [];
    this.#parked = [];
    this.#outside = [];
  }

  #take(envelope: Envelope, transfer: readonly TransferListItem[]): Parcel | undefined {
    const alone = packedAlone(envelope);
    const mine = transfer.filter((item) => holds(envelope, item));
    try {
      const [packed, moved] = structuredClone([alone, mine], { transfer: mine as ArrayBuffer[] });
      return { packed, transfer: moved, envelope };
    } catch (error) {
      this.#events.undeliverable(envelope, error as Error);
      return undefined;
    }
  }

  #unpark(rule: LinkRule): void {
    if (rule.held || rule.blocked) return;
    const parked = this.#parked;
    this.#parked = [];
    for (const parcel of parked) this.#pass(parcel, rule);
  }

  #pass(parcel: Parcel, rule: LinkRule): void {
    const { envelope } = parcel;
    const reliable = isReliable(envelope);
    if (rule.held || rule.blocked && reliable) return void this.#parked.push(parcel);
    if (!reliable) {
      if (rule.blocked) return this.#events.dropped(envelope, "blocked");
      if (this.#hits(rule.loss)) return this.#events.dropped(envelope, "lost");
      if (this.#hits(rule.duplication)) {
        this.#stray(copyOf(parcel), this.#travel(rule) + this.#travel(rule));
      }
      if (this.#hits(rule.reordering)) {
        const extra = this.#random.next() * OVERTAKEN;
        return this.#stray(parcel, this.#travel(rule) + this.#travel(rule) + extra);
      }
    }
    this.#carry(parcel, this.#clock.now() + this.#travel(rule));
  }

  #hits(part: number): boolean {
    return part > 0 && this.#random.next() < part;
  }

  #travel({ delay, jitter }: LinkRule): number {
    return jitter > 0 ? delay + jitter * this.#random.next() : delay;
  }

  /** Holds back nobody. */
  #stray(parcel: Parcel, ms: number): void {
    const timer = this.#clock.setTimeout(() => {
      this.#strays.delete(timer);
      this.#deliver(parcel);
    }, ms);
    this.#strays.add(timer);
  }

  #carry(parcel: Parcel, at: number): void {
    const due = Math.max(at, this.#moving.at(-1)?.due ?? 0);
    if (this.#moving.length === 0 && due <= this.#clock.now()) return this.#deliver(parcel);
    this.#moving.push({ parcel, due });
    this.#arm();
  }

  #arm(): void {
    const [next] = this.#moving;
    if (this.#timer !== undefined || next === undefined) return;
    this.#timer = this.#clock.setTimeout(() => {
      this.#timer = undefined;
      const now = this.#clock.now();
      let arrived = 0;
      for (const { parcel, due } of this.#moving) {
        if (due > now) break;
        this.#deliver(parcel);
        arrived++;
      }
      this.#moving.splice(0, arrived);
      this.#arm();
    }, Math.max(0, next.due - this.#clock.now()));
  }

  #deliver({ packed, transfer }: Parcel): void {
    this.#events.post(packed, transfer);
  }
}

function packedAlone(envelope: Envelope): Packed {
  const packer = new Packer();
  packer.add(envelope);
  return packer.take();
}

function copyOf(parcel: Parcel): Parcel {
  const [packed, transfer] = structuredClone([parcel.packed, parcel.transfer]);
  return { packed, transfer, envelope: parcel.envelope };
}

/** Whether `item` sits somewhere in `envelope`. */
export function holds(envelope: Envelope, item: unknown): boolean {
  const seen = new Set<unknown>();
  const look = (value: unknown): boolean => {
    if (value === item) return true;
    if (typeof value !== "object" || value === null || seen.has(value)) return false;
    seen.add(value);
    if (ArrayBuffer.isView(value)) return value.buffer === item;
    if (value instanceof Map) return [...value].some(look);
    return Object.values(value instanceof Set ? [...value] : value).some(look);
  };
  return look(envelope);
}
