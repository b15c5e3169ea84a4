import type { ExitReason } from "./exit_reason.ts";
import type { NodeId } from "./ids.ts";
import type { Source } from "./inflow.ts";
import { Inflow } from "./inflow.ts";
import type { Offer } from "./mailbox.ts";
import { Mailbox } from "./mailbox.ts";
import type { MailboxOptions } from "./options.ts";
import { Request } from "./request.ts";

/** Work of an actor that is no call of a method: a timer, a death, something posted. */
export type Callback = () => void | Promise<void>;

/** What waits in a mailbox. */
export type Message = Request | Callback | { readonly end: ExitReason };

/** A mailbox that tells the nodes of those who fill it when there is room again. */
export class Inbox {
  readonly #mailbox: Mailbox<Message>;
  readonly #inflow: Inflow;

  /**
   * @param grant tells a node that its messages have room here
   * @throws InvalidOptionError naming the option
   */
  constructor(
    options: MailboxOptions | undefined,
    grant: (source: Source, window: number) => void,
  ) {
    const mailbox = this.#mailbox = new Mailbox<Message>(options);
    this.#inflow = new Inflow(mailbox.waits ? mailbox.capacity : Infinity, grant);
  }

  get size(): number {
    return this.#mailbox.size;
  }

  get capacity(): number {
    return this.#mailbox.capacity;
  }

  /** What `inspect` shows. */
  get state(): {
    readonly size: number;
    readonly capacity: number;
    readonly peak: number;
    readonly dropped: number;
  } {
    const { size, capacity, peak, dropped } = this.#mailbox;
    return { size, capacity, peak, dropped };
  }

  /** Offers a request. An ask that a full mailbox has no room for is refused, whatever its rule for tells. */
  offer(request: Request): Offer<Message> {
    if (request.replyTo !== undefined && this.#mailbox.full) {
      this.#mailbox.countDropped();
      return { kind: "refused" };
    }
    const offer = this.#mailbox.offer(request, isRequest);
    if (offer.kind === "dropped") this.#left(offer.message);
    if (offer.kind === "taken" || offer.kind === "dropped") {
      const source = request.source = this.#inflow.of(request.origin);
      source.waiting += request.cost;
    }
    return offer;
  }

  /** Queues `callback` behind the messages that are here, whatever the bound. */
  post(callback: Callback): void {
    this.#mailbox.exempt(callback);
  }

  /** Queues the order to end in front of everything. */
  end(reason: ExitReason): void {
    this.#mailbox.system({ end: reason });
  }

  take(): Message | undefined {
    const message = this.#mailbox.take(isExempt);
    if (message !== undefined) this.#left(message);
    return message;
  }

  /** Takes out the first message that `matches`. Gives whether there was one. */
  withdraw(matches: (message: Message) => boolean): boolean {
    const message = this.#mailbox.remove(matches, isExempt);
    if (message === undefined) return false;
    this.#left(message);
    return true;
  }

  #left(message: Message): void {
    if (message instanceof Request && message.source !== undefined) {
      this.#inflow.left(message.source, message.cost);
    }
  }

  /** Whether messages from `node` have no room here. */
  crowded(node: NodeId): boolean {
    return this.#inflow.of(node).waiting >= this.#inflow.window;
  }

  /** `node` wants to be told when its messages have room here. */
  poll(node: NodeId): void {
    this.#inflow.poll(node);
  }

  /** `node` is gone. */
  forget(node: NodeId): void {
    this.#inflow.forget(node);
  }

  /** Nobody is granted room any more. Gives the nodes that wait for some. */
  close(): NodeId[] {
    return this.#inflow.close();
  }
}

function isRequest(message: Message): message is Request {
  return message instanceof Request;
}

function isExempt(message: Message): boolean {
  return !isRequest(message);
}
