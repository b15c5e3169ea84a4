import { FNV_BASIS, hash } from "../../actor/mixing.ts";
import type { Observed } from "../invariants/mod.ts";

/** How often one kind of event happened. */
export interface Sighting {
  /** Stands for the kind in sums, the same in every run. */
  readonly code: number;
  count: number;
}

/** Counts the events of a run by their kinds. */
export class Sightings {
  readonly #kinds = new Map<Observed["kind"], Sighting>();

  /** One more of `kind`; gives its sums. */
  count(kind: Observed["kind"]): Sighting {
    let sighting = this.#kinds.get(kind);
    if (sighting === undefined) {
      this.#kinds.set(kind, sighting = { code: hash(kind, FNV_BASIS) | 0, count: 0 });
    }
    sighting.count++;
    return sighting;
  }

  /** Counts by kind. */
  get counts(): ReadonlyMap<string, number> {
    const counts = new Map<string, number>();
    for (const [kind, { count }] of this.#kinds) counts.set(kind, count);
    return counts;
  }
}
