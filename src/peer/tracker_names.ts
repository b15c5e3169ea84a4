import type { ActorContext, AnyRef } from "../actor/mod.ts";
import { toError } from "../actor/mod.ts";
import { CURRENT_NAME, epochName } from "../election/mod.ts";

/** Milliseconds before a registration that failed is tried again; doubled up to {@linkcode SLOWEST}. */
const FIRST_RETRY = 100;
const SLOWEST = 2_000;

/**
 * The names of a tracker (reference `election.md` §1.5). The registry is where others look, not who decides: while it is away the tracker
 * stays tracker and tries again.
 */
export class TrackerNames {
  readonly #ctx: ActorContext;
  readonly #peer: string;
  readonly #self: AnyRef;
  readonly #overtaken: (epoch: number) => void;
  #epoch: number | undefined;

  /** @param overtaken is told that the registry knows a tracker of a higher epoch */
  constructor(ctx: ActorContext, peer: string, overtaken: (epoch: number) => void) {
    this.#ctx = ctx;
    this.#peer = peer;
    this.#self = ctx.self;
    this.#overtaken = overtaken;
  }

  /** Registers as tracker of `epoch`, until it works or {@linkcode withdraw} comes. */
  claim(epoch: number): void {
    this.#epoch = epoch;
    void this.#claim(epoch, FIRST_RETRY);
  }

  async #claim(epoch: number, retry: number): Promise<void> {
    const { registry } = this.#ctx;
    const meta = { peer: this.#peer, epoch };
    try {
      await registry.register(epochName(epoch), this.#self, { meta });
      const standing = await registry.raise(CURRENT_NAME, this.#self, epoch, { meta });
      if (this.#epoch !== epoch) return await this.#remove(epoch);
      const highest = Number(standing.meta["epoch"] ?? epoch);
      this.#ctx.emit("tracker.registered", { peer: this.#peer, epoch, highest });
      if (highest > epoch) this.#ctx.post(() => this.#overtaken(highest));
    } catch (error) {
      if (this.#epoch !== epoch || this.#ctx.signal.aborted) return;
      this.#ctx.emit("tracker.unregistered", { peer: this.#peer, epoch, error: toError(error) });
      this.#ctx.after(retry, () => void this.#claim(epoch, Math.min(retry * 2, SLOWEST)));
    }
  }

  /** Takes the names of `epoch` back, as far as they are this peer's. */
  withdraw(epoch: number): void {
    if (this.#epoch === epoch) this.#epoch = undefined;
    void this.#remove(epoch);
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
