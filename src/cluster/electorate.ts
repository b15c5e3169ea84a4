import type { NameRef } from "../actor/mod.ts";
import { ActorError } from "../actor/mod.ts";
import type { PeerProtocol } from "../peer/mod.ts";
import { ElectorateError, NotTrackerError, peerOf } from "../peer/mod.ts";
import type { Agreement } from "./api.ts";

/** How often a change is asked for again because the tracker changed meanwhile. */
const TRIES = 5;
/** Milliseconds that a tracker has to carry a change through; without a quorum it steps down much earlier. */
const PATIENCE = 10_000;

/** One change of the electorate, by voter id. */
type Change = { readonly add: string } | { readonly remove: string };

/** Adds voters and removes them, whoever is tracker meanwhile. */
export class Electorate {
  readonly #peer: (id: string) => NameRef<PeerProtocol>;
  readonly #tracker: (above?: number) => Promise<Agreement>;

  constructor(
    peer: (id: string) => NameRef<PeerProtocol>,
    tracker: (above?: number) => Promise<Agreement>,
  ) {
    this.#peer = peer;
    this.#tracker = tracker;
  }

  /** Lets `id` vote; under a new voter id if it lost its disk. Gives the voters then. */
  async add(id: string): Promise<readonly string[]> {
    const { voter, lost } = await this.#peer(id).ask.status();
    const renewed = lost ? await this.#peer(id).ask.renew() : voter;
    for (const old of await this.#votersOf(id)) {
      if (old !== renewed) await this.#change(id, { remove: old });
    }
    return await this.#change(id, { add: renewed });
  }

  /** Lets `id` vote no longer; a tracker resigns first. Gives the voters then. */
  async remove(id: string): Promise<readonly string[]> {
    let voters: readonly string[] = [];
    for (const voter of await this.#votersOf(id)) {
      voters = await this.#change(id, { remove: voter });
    }
    return voters;
  }

  /** The voter ids of a peer in the tracker's electorate; its own name if it has none. */
  async #votersOf(id: string): Promise<readonly string[]> {
    const { tracker } = await this.#tracker();
    const { voters } = await this.#peer(tracker).ask.status();
    const own = voters.filter((voter) => peerOf(voter) === id);
    return own.length === 0 ? [id] : own;
  }

  async #change(id: string, change: Change): Promise<readonly string[]> {
    let last: unknown;
    let above = 0;
    for (let tried = 0; tried < TRIES; tried++) {
      const { tracker, epoch } = await this.#tracker(above);
      try {
        const ref = this.#peer(tracker).with({ timeout: PATIENCE });
        if (tracker !== id || "add" in change) return await ref.ask.reconfigure(epoch, change);
        await ref.ask.resign(epoch);
        above = epoch;
      } catch (error) {
        const passing = error instanceof ActorError || error instanceof NotTrackerError ||
          error instanceof ElectorateError;
        if (!passing) throw error;
        last = error;
      }
    }
    throw last;
  }
}
