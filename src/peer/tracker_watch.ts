import type { ActorContext, ActorRef } from "../actor/mod.ts";
import { NoProcError } from "../actor/mod.ts";
import type { PeerProtocol } from "./protocol.ts";

/** What a peer asks for as long as it follows a tracker: methods that are never answered. */
export const STANDING: readonly string[] = ["outlive"];

/**
 * Tells at once that the tracker that is followed has ended (reference `election.md` row 27).
 *
 * It asks the tracker for something that never comes. An ask fails when the port to its target closes, which a runtime does only for
 * a thread that runs no more, and needs nobody else for: a monitor's DOWN comes later, since names must be free before it is told.
 */
export class TrackerWatch {
  readonly #ctx: ActorContext;
  readonly #down: (peer: string) => void;
  #watched: { readonly id: string; readonly end: AbortController } | undefined;

  /** @param down is told the peer whose actor has ended; never of one that merely hangs */
  constructor(ctx: ActorContext, down: (peer: string) => void) {
    this.#ctx = ctx;
    this.#down = down;
  }

  /** Watches the actor of `peer` from now on, and no other. */
  follow(peer: string, ref: ActorRef<PeerProtocol>): void {
    if (this.#watched?.id === ref.id) return;
    this.#watched?.end.abort();
    const watched = { id: ref.id, end: new AbortController() };
    this.#watched = watched;
    const { signal } = watched.end;
    ref.with({ timeout: Infinity, signal }).ask.outlive().catch((error) => {
      if (!(error instanceof NoProcError) || signal.aborted) return;
      this.#ctx.post(() => {
        if (this.#watched === watched) this.#watched = undefined;
        this.#down(peer);
      });
    });
  }
}
