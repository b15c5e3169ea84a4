import type { ActorContext, ActorRef, RegistryEvent } from "../actor/mod.ts";
import type { PeerProtocol } from "./protocol.ts";

/** Names of peers in the registry begin with it. */
export const PEER_PREFIX = "p2p.peer.";

/** The name that peer `id` is registered under. */
export function peerName(id: string): string {
  return `${PEER_PREFIX}${id}`;
}

/** Where the peers are: kept by watching the registry, so that its death costs nobody an address. */
export class Directory {
  readonly #refs = new Map<string, ActorRef<PeerProtocol>>();
  readonly #self: string;
  readonly #changed: (peer: string, present: boolean) => void;

  /** @param changed is told of every peer that comes or goes, this one left out */
  constructor(
    ctx: ActorContext,
    self: string,
    changed: (peer: string, present: boolean) => void,
  ) {
    this.#self = self;
    this.#changed = changed;
    ctx.registry.watch({ prefix: PEER_PREFIX }, (event) => this.#apply(event));
  }

  get(peer: string): ActorRef<PeerProtocol> | undefined {
    return this.#refs.get(peer);
  }

  /** The other peers that are known, with their refs. */
  others(): IterableIterator<[string, ActorRef<PeerProtocol>]> {
    return this.#refs.entries();
  }

  #apply(event: RegistryEvent): void {
    if (event.type === "synced") return;
    const { name, ref } = event.entry;
    const peer = name.slice(PEER_PREFIX.length);
    if (peer === this.#self) return;
    if (event.type === "registered") {
      this.#refs.set(peer, ref.as<PeerProtocol>());
      return this.#changed(peer, true);
    }
    // A successor may be known already.
    if (this.#refs.get(peer)?.id !== ref.id) return;
    this.#refs.delete(peer);
    this.#changed(peer, false);
  }
}
