import type { TrackerEntry } from "../../election/mod.ts";
import { decideAdvance, decideClaim, decideRelease } from "../../election/mod.ts";

/** What came of a registration: the epoch of the current tracker, or whose the name is (I7). */
export type Registration =
  | { readonly kind: "registered"; readonly highest: number }
  | { readonly kind: "violation"; readonly owner: TrackerEntry };

/** The names of trackers (§1.5), as a registry that never fails keeps them. */
export class RegistryModel {
  readonly #epochs = new Map<number, TrackerEntry>();
  #current: TrackerEntry | undefined;

  register(entry: TrackerEntry): Registration {
    const claim = decideClaim(this.#epochs.get(entry.epoch), entry);
    if (claim.kind === "violation") return claim;
    this.#epochs.set(entry.epoch, entry);
    const advance = decideAdvance(this.#current, entry);
    if (advance.kind === "violation") return advance;
    if (advance.kind === "set") this.#current = entry;
    return { kind: "registered", highest: this.#current?.epoch ?? entry.epoch };
  }

  unregister(entry: TrackerEntry): void {
    if (decideRelease(this.#epochs.get(entry.epoch), entry).kind === "delete") {
      this.#epochs.delete(entry.epoch);
    }
    if (decideRelease(this.#current, entry).kind === "delete") this.#current = undefined;
  }
}
