import type { SystemEvent } from "../../actor/mod.ts";

/** Ms within which two events of one peer are of one step: none in simulation, where a step takes no time. */
const STEP = 0.1;
/** Messages whose sending is remembered. */
const SENT = 4_096;

/** What a peer did last. */
interface Doing {
  seq: number;
  at: number;
  /** The last write that it asked for. */
  persist: number | undefined;
}

/**
 * Finds what brought an event about: of a message its sending, of what a peer does next in the same step what it did before, of what it
 * does when a write is safe that write, of a death the fault.
 */
export class Causes {
  readonly #doing = new Map<string, Doing>();
  readonly #sent = new Map<string, number>();
  readonly #received = new Map<string, number>();
  /** The last fault that struck each peer. */
  readonly #struck = new Map<string, number>();

  /** Notes a fault of the run itself. */
  struck(peers: readonly string[], seq: number): void {
    for (const peer of peers) this.#struck.set(peer, seq);
  }

  /** The `seq` of the cause of an event; undefined of what time alone brings. */
  of({ kind, at, data }: SystemEvent, peer: string, seq: number): number | undefined {
    const doing = this.#doing.get(peer) ?? { seq: 0, at: -Infinity, persist: undefined };
    this.#doing.set(peer, doing);
    const mid = data["mid"];
    if (kind === "message.sent") {
      remember(this.#sent, String(mid), seq);
      return at - doing.at <= STEP ? doing.seq : this.#told(data);
    }
    if (kind === "message.received") remember(this.#received, String(mid), seq);
    const cause = this.#cause(kind, at, peer, doing, mid) ?? this.#told(data);
    doing.seq = seq;
    doing.at = at;
    if (kind === "election.persist") doing.persist = seq;
    return cause;
  }

  #cause(
    kind: string,
    at: number,
    peer: string,
    doing: Doing,
    mid: unknown,
  ): number | undefined {
    switch (kind) {
      case "message.received":
        return this.#sent.get(String(mid));
      case "election.stored":
        return doing.persist;
      case "peer.down":
      case "fault.crash":
        return this.#struck.get(peer);
      default:
        return at - doing.at <= STEP && doing.seq > 0 ? doing.seq : undefined;
    }
  }

  /** The message that the peer itself takes for the cause. */
  #told({ cause }: SystemEvent["data"]): number | undefined {
    return typeof cause === "string" ? this.#received.get(cause) : undefined;
  }
}

function remember(messages: Map<string, number>, mid: string, seq: number): void {
  messages.set(mid, seq);
  if (messages.size > SENT) messages.delete(messages.keys().next().value!);
}
