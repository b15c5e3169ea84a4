import type { Cell } from "./cell.ts";
import type { Envelope } from "./envelope.ts";
import type { ExitReason } from "./exit_reason.ts";
import { NOPROC } from "./exit_reason.ts";
import type { Host, Names } from "./host.ts";
import type { ActorId, NodeId } from "./ids.ts";
import { nodeOf, NOWHERE } from "./ids.ts";
import { Obituaries } from "./obituaries.ts";
import type { Home } from "./refs.ts";

const NO_BUFFERS: readonly ArrayBuffer[] = Object.freeze([]);

/** What all parts of a node share: who lives here, who is known to be dead, and the ways out of it. */
export class NodeBase {
  readonly id: NodeId;
  readonly host: Host;
  readonly names: Names;
  /** Sends for those who are no actors. */
  readonly outside: Home;
  /** The actors that live here, or are being buried. */
  readonly cells: Map<ActorId, Cell> = new Map();
  /** Actors of living nodes that are known to have ended: nothing need be sent to find out. */
  readonly obituaries: Obituaries<ActorId> = new Obituaries();
  /** Nobody lives here any more, nor will. */
  closed = false;
  readonly #receive: (envelope: Envelope, from: NodeId) => void;

  /** @param receive takes what is sent within the node */
  constructor(
    id: NodeId,
    host: Host,
    names: Names,
    outside: Home,
    receive: (envelope: Envelope, from: NodeId) => void,
  ) {
    this.id = id;
    this.host = host;
    this.names = names;
    this.outside = outside;
    this.#receive = receive;
  }

  /** Sends `envelope` at once. */
  post(to: NodeId, envelope: Envelope, transfer: readonly ArrayBuffer[] = NO_BUFFERS): void {
    if (to === this.id) this.#receive(envelope, to);
    else this.host.send(to, envelope, transfer);
  }

  /** How `id` ended, as far as is known here. */
  endOf(id: ActorId): ExitReason | undefined {
    const node = nodeOf(id);
    if (node === NOWHERE) return NOPROC;
    return this.host.down(node) ?? this.obituaries.get(id);
  }

  event(kind: string, cell: Cell | undefined, data: Readonly<Record<string, unknown>>): void {
    this.host.emit({
      kind,
      at: this.host.clock.now(),
      node: this.id,
      actor: cell?.id,
      name: cell?.name,
      data,
    });
  }

  /** @param count so many, where that is not one event each */
  deadLetter(to: ActorId, method: string, why: string, count?: number): void {
    const data = { to, method, why, ...(count !== undefined && { count }) };
    this.event("deadletter", undefined, data);
  }
}
