import type { Clock } from "./clock.ts";
import { asking, FIRST_WINDOW, HELD_LIMIT } from "./credit.ts";
import type { CreditEnvelope, Envelope, RequestEnvelope } from "./envelope.ts";
import { Fifo } from "./fifo.ts";
import type { ActorId, NodeId } from "./ids.ts";
import { kernelId, nodeOf } from "./ids.ts";

/** Milliseconds after which a sender that waits asks again: a lossy link may have lost what it asked. */
const ASK_AGAIN = 1_000;
/** Actors whose accounts are kept although nothing waits for them. */
const IDLE_ACCOUNTS = 4_096;

/** What waits for room: a message, or an actor that wants to know when there is some (then there is no envelope). */
export interface Held {
  readonly envelope: RequestEnvelope | undefined;
  readonly transfer: readonly ArrayBuffer[];
  /** The number of the ask, or of the wait; undefined for a tell. */
  readonly ask: number | undefined;
  /** The sending actor; undefined for those outside. */
  readonly by: ActorId | undefined;
  /** When the asker gives up. */
  readonly due: number;
}

/** What one node may send to one actor. */
interface Account {
  readonly to: ActorId;
  readonly node: NodeId;
  /** Credits in all. */
  window: number;
  /** Credits of messages that are on the way or wait there, as far as is known. */
  used: number;
  /** Of these, the credits of messages that were sent since room was asked for. */
  since: number;
  /** Room was asked for, and not granted yet. */
  asked: boolean;
  readonly held: Fifo<Held>;
  /** Credits of the tells among them. */
  heldTells: number;
  /** Tells that were one too many since it has been blocked, and the method of the last. */
  overrun: number;
  overrunMethod: string;
  timer: Disposable | undefined;
}

/** What {@linkcode Outflow} needs of its node. */
export interface OutflowEvents {
  post(to: NodeId, envelope: Envelope, transfer: readonly ArrayBuffer[]): void;
  /** There is room for whoever waits under this number. */
  ready(ask: number): void;
  /** `count` tells did not even find room to wait. */
  overrun(to: ActorId, method: string, count: number): void;
}

/**
 * The sending end of back-pressure. Messages to one actor that have no room there wait here, in order. Room is counted
 * per actor, not per thread: a message that is kept back would otherwise wait in the very mailbox that has no room, so
 * keeping it back can make nobody wait who would not have waited anyway, and no deadlock can come from it.
 */
export class Outflow {
  readonly #clock: Clock;
  readonly #events: OutflowEvents;
  readonly #accounts = new Map<ActorId, Account>();
  /** Those with something that waits. */
  readonly #blocked = new Set<Account>();

  constructor(clock: Clock, events: OutflowEvents) {
    this.#clock = clock;
    this.#events = events;
  }

  /** Messages that wait for room. */
  get size(): number {
    let size = 0;
    for (const { held } of this.#blocked) size += held.size;
    return size;
  }

  /** Sends a request when there is room, after those to the same actor that wait already. */
  send(
    envelope: RequestEnvelope,
    transfer: readonly ArrayBuffer[],
    by: ActorId | undefined,
  ): void {
    const account = this.#accounts.get(envelope.to) ?? this.#open(envelope.to);
    if (hasRoom(account)) return this.#post(account, envelope, transfer);
    if (envelope.kind === "ask") {
      const due = this.#clock.now() + envelope.left;
      return this.#hold(account, { envelope, transfer, ask: envelope.id, by, due });
    }
    if (account.heldTells + envelope.cost > HELD_LIMIT) {
      return this.#tooMany(account, envelope.method);
    }
    account.heldTells += envelope.cost;
    this.#hold(account, { envelope, transfer, ask: undefined, by, due: Infinity });
  }

  /** Whether a message to `to` would go at once. */
  hasRoom(to: ActorId): boolean {
    const account = this.#accounts.get(to);
    return account === undefined || hasRoom(account);
  }

  /**
   * Has `ready` called with `ask` when there is room.
   *
   * @param here `to` lives on this very node, where only its mailbox knows what is used: all of it is
   */
  wait(to: ActorId, ask: number, by: ActorId | undefined, here: boolean): void {
    const account = this.#accounts.get(to) ?? this.#open(to);
    if (here) account.used = account.window;
    this.#hold(account, { envelope: undefined, transfer: [], ask, by, due: Infinity });
  }

  /** Takes out what waits under the number `ask`. Gives whether it was there: then nothing of it was sent. */
  withdraw(to: ActorId, ask: number): boolean {
    const account = this.#accounts.get(to);
    if (account === undefined || account.held.size === 0) return false;
    const found = account.held.remove((held) => held.ask === ask) !== undefined;
    if (account.held.size === 0) this.#unblock(account);
    return found;
  }

  /** The receiver says what room there is. */
  credit({ of, waiting, window }: CreditEnvelope): void {
    const account = this.#accounts.get(of);
    if (account === undefined) return;
    account.asked = false;
    account.window = window;
    account.used = waiting + account.since;
    while (account.used < account.window && account.held.size > 0) {
      this.#release(account, account.held.shift() as Held);
    }
    if (account.held.size === 0) this.#unblock(account);
    this.#askIfLow(account);
  }

  /** Sends at once what waits of `by`, an actor that ended: the news of its end must not overtake it. */
  hurry(by: ActorId): void {
    for (const account of this.#blocked) {
      for (const held of account.held.extract((held) => held.by === by)) {
        this.#release(account, held);
      }
      if (account.held.size === 0) this.#unblock(account);
    }
  }

  /** Sends everything at once: this node is about to end. */
  hurryAll(): void {
    for (const account of this.#blocked) {
      for (const held of account.held.extract(() => true)) this.#release(account, held);
      this.#unblock(account);
    }
  }

  /** The actor is gone. Gives what waited for it. */
  close(to: ActorId): Held[] {
    const account = this.#accounts.get(to);
    if (account === undefined) return [];
    this.#accounts.delete(to);
    const held = account.held.extract(() => true);
    this.#unblock(account);
    return held;
  }

  /** All actors of `node` are gone. Gives what waited for them. */
  closeNode(node: NodeId): Held[] {
    const gone = [...this.#accounts.values()].filter((account) => account.node === node);
    return gone.flatMap(({ to }) => this.close(to));
  }

  /** Forgets everything. */
  clear(): void {
    for (const account of this.#blocked) account.timer?.[Symbol.dispose]();
    this.#blocked.clear();
    this.#accounts.clear();
  }

  #open(to: ActorId): Account {
    if (this.#accounts.size >= IDLE_ACCOUNTS) this.#forgetOne();
    const node = nodeOf(to);
    const account: Account = {
      to,
      node,
      // What nodes tell each other keeps the system going, and is never kept back.
      window: to === kernelId(node) ? Infinity : FIRST_WINDOW,
      used: 0,
      since: 0,
      asked: false,
      held: new Fifo(),
      heldTells: 0,
      overrun: 0,
      overrunMethod: "",
      timer: undefined,
    };
    this.#accounts.set(to, account);
    return account;
  }

  /** One that nothing waits for begins anew when it is needed again: at most half a window more is on the way then. */
  #forgetOne(): void {
    for (const [to, account] of this.#accounts) {
      if (account.asked || account.held.size > 0) continue;
      this.#accounts.delete(to);
      return;
    }
  }

  #post(account: Account, envelope: RequestEnvelope, transfer: readonly ArrayBuffer[]): void {
    account.used += envelope.cost;
    account.since += envelope.cost;
    this.#events.post(account.node, envelope, transfer);
    this.#askIfLow(account);
  }

  #askIfLow(account: Account): void {
    if (!account.asked && asking(account.used, account.window)) this.#ask(account);
  }

  #ask(account: Account): void {
    account.asked = true;
    account.since = 0;
    this.#events.post(account.node, { kind: "poll", to: account.to }, []);
  }

  #hold(account: Account, held: Held): void {
    account.held.push(held);
    this.#blocked.add(account);
    account.timer ??= this.#later(account);
    this.#askIfLow(account);
  }

  #later(account: Account): Disposable {
    return this.#clock.setTimeout(() => {
      account.timer = this.#later(account);
      this.#ask(account);
    }, ASK_AGAIN);
  }

  #release(account: Account, held: Held): void {
    const { envelope, transfer, ask, due } = held;
    if (envelope === undefined) return this.#events.ready(ask as number);
    if (envelope.kind === "tell") {
      account.heldTells -= envelope.cost;
      return this.#post(account, envelope, transfer);
    }
    const left = Math.max(0, due - this.#clock.now());
    this.#post(account, { ...envelope, left }, transfer);
  }

  #unblock(account: Account): void {
    this.#blocked.delete(account);
    account.timer?.[Symbol.dispose]();
    account.timer = undefined;
    account.heldTells = 0;
    const untold = account.overrun - 1;
    account.overrun = 0;
    if (untold > 0) this.#events.overrun(account.to, account.overrunMethod, untold);
  }

  /** The first is told at once, the others as one number when it is over: the news must not be what fills memory. */
  #tooMany(account: Account, method: string): void {
    account.overrunMethod = method;
    if (account.overrun++ === 0) this.#events.overrun(account.to, method, 1);
  }
}

function hasRoom(account: Account): boolean {
  return account.used < account.window && account.held.size === 0;
}
