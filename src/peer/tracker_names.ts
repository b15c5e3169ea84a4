import type { ActorContext, AnyRef, Entry } from "../actor/mod.ts";
import { AlreadyRegisteredError, toError } from "../actor/mod.ts";
import { CURRENT_NAME, epochName } from "../election/mod.ts";

/** Milliseconds before a registration that failed is tried again; doubled up to {@linkcode SLOWEST}. */
const FIRST_RETRY = 100;
const SLOWEST = 2_000;

/**
 * The names of a tracker (reference `election.md` §1.5). The registry is where others look, not who decides: while it is away the tracker
 * stays tracker and tries again.
 *
 * One request at a time: an answer that is late, of an epoch that is over, could take the names of the next one away.
 */
export class TrackerNames {
  readonly #ctx: ActorContext;
  readonly #peer: string;
  readonly #self: AnyRef;
  readonly #overtaken: (epoch: number) => void;
  /** The epoch whose names this peer ought to have. */
  #wanted: number | undefined;
  /** The epoch whose names it may have. */
  #held: number | undefined;
  /** The epoch whose names it has. */
  #done: number | undefined;
  #busy = false;
  #retry = FIRST_RETRY;
  #alarmed: number | undefined;

  /** @param overtaken is told that the registry knows a tracker of a higher epoch */
  constructor(ctx: ActorContext, peer: string, overtaken: (epoch: number) => void) {
    this.#ctx = ctx;
    this.#peer = peer;
    this.#self = ctx.self;
    this.#overtaken = overtaken;
  }

  /** Registers as tracker of `epoch`, until it works or {@linkcode withdraw} comes. */
  claim(epoch: number): void {
    this.#wanted = epoch;
    this.#retry = FIRST_RETRY;
    // The first heartbeats go out before: followers wait for them, and nobody for the names.
    this.#ctx.after(0, () => void this.#settle());
  }

  /** Takes the names of `epoch` back, as far as they are this peer's. */
  withdraw(epoch: number): void {
    if (this.#wanted === epoch) this.#wanted = undefined;
    void this.#settle();
  }

  async #settle(): Promise<void> {
    if (this.#busy) return;
    this.#busy = true;
    while (this.#wanted !== this.#done || this.#wanted !== this.#held) {
      if (!await this.#step()) break;
    }
    this.#busy = false;
  }

  /** One request further; gives whether to go on at once. */
  async #step(): Promise<boolean> {
    const [wanted, held] = [this.#wanted, this.#held];
    if (held !== undefined && held !== wanted) {
      this.#held = this.#done = undefined;
      await this.#remove(held);
      return true;
    }
    if (wanted === undefined) return false;
    this.#held = wanted;
    try {
      await this.#register(wanted);
      return true;
    } catch (error) {
      if (this.#ctx.signal.aborted) return false;
      if (this.#wanted !== wanted) return true;
      this.#ctx.emit("tracker.unregistered", {
        peer: this.#peer,
        epoch: wanted,
        error: toError(error),
      });
      this.#ctx.after(this.#retry, () => void this.#settle());
      this.#retry = Math.min(this.#retry * 2, SLOWEST);
      return false;
    }
  }

  async #register(epoch: number): Promise<void> {
    const { registry } = this.#ctx;
    const meta = { peer: this.#peer, epoch };
    try {
      await registry.register(epochName(epoch), this.#self, { meta });
    } catch (error) {
      if (!(error instanceof AlreadyRegisteredError)) throw error;
      const owner = await registry.lookup(epochName(epoch));
      if (owner?.ref.id !== this.#self.id) {
        this.#alarm(epoch, owner);
        throw error;
      }
    }
    if (this.#wanted !== epoch) return;
    const standing = await registry.raise(CURRENT_NAME, this.#self, epoch, { meta });
    if (this.#wanted !== epoch) return;
    this.#done = epoch;
    const highest = Number(standing.meta["epoch"] ?? epoch);
    this.#ctx.emit("tracker.registered", { peer: this.#peer, epoch, highest });
    if (highest > epoch) this.#ctx.post(() => this.#overtaken(highest));
    else if (standing.ref.id !== this.#self.id) this.#alarm(epoch, standing);
  }

  /** Another has the name of an epoch that this peer won: the rules exclude it, and nothing is overwritten (I7). */
  #alarm(epoch: number, owner: Entry | undefined): void {
    const other = owner?.meta["peer"];
    // The name of this peer's own former life is on its way out.
    if (owner === undefined || other === this.#peer || this.#alarmed === epoch) return;
    this.#alarmed = epoch;
    const peers = [String(other), this.#peer];
    this.#ctx.emit("election.violation", { peer: this.#peer, invariant: "I7", epoch, peers });
  }

  async #remove(epoch: number): Promise<void> {
    const { registry } = this.#ctx;
    try {
      await registry.unregister(epochName(epoch), this.#self);
      await registry.unregister(CURRENT_NAME, this.#self);
    } catch {
      // The names go with this peer's end, and `current` only moves up.
    }
  }
}
