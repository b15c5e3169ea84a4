import type { TransferStatus } from "../cluster/api.ts";
import type { LiveRegion } from "./live_region.ts";
import { progressBar, progressLine, shareOf, WORTH_WATCHING } from "./text/progress.ts";

/** Shows one download: a bar that is redrawn, or a line per quarter where nothing can be redrawn. */
export class Progress {
  readonly #region: LiveRegion;
  readonly #id: string;
  #quarters = 0;

  constructor(region: LiveRegion, id: string) {
    this.#region = region;
    this.#id = id;
  }

  /** The download has come this far. */
  update(transfer: TransferStatus): void {
    if (this.#region.live) return this.#region.set(this.#id, `  ${progressBar(transfer)}`);
    if (transfer.size < WORTH_WATCHING) return;
    const quarters = Math.floor(shareOf(transfer) * 4);
    // The last quarter is told by the result itself.
    if (quarters <= this.#quarters || quarters === 4) return;
    this.#quarters = quarters;
    this.#region.log(`  ${progressLine(transfer)}`);
  }

  /** The download is over. */
  end(): void {
    this.#region.remove(this.#id);
  }
}
