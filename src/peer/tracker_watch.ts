import type { ActorContext, ActorRef, Monitor } from "../actor/mod.ts";
import type { PeerProtocol } from "./protocol.ts";

/** Tells at once that the thread of the tracker that is followed has ended (reference `election.md` row 27). */
export class TrackerWatch {
  readonly #ctx: ActorContext;
  readonly #down: (peer: string) => void;
  #watched: { readonly id: string; readonly monitor: Monitor } | undefined;

  /** @param down is told the peer whose actor has ended; never of one that merely hangs */
  constructor(ctx: ActorContext, down: (peer: string) => void) {
    this.#ctx = ctx;
    this.#down = down;
  }

  /** Watches the actor of `peer` from now on, and no other. */
  follow(peer: string, ref: ActorRef<PeerProtocol>): void {
    if (this.#watched?.id === ref.id) return;
    this.#watched?.monitor[Symbol.dispose]();
    const monitor = this.#ctx.monitor(ref, () => {
      this.#watched = undefined;
      this.#down(peer);
    });
    this.#watched = { id: ref.id, monitor };
  }
}
