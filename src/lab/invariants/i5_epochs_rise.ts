import type { PeerId } from "../../election/mod.ts";
import type { Invariant } from "./invariant.ts";

/** I5, across restarts. */
export const epochsRise: Invariant = {
  id: "I5",
  says: "the epoch on a peer's disk never falls",
  on: ["stored", "boot"],
  watch({ broken }) {
    const highest = new Map<PeerId, number>();
    return ({ peer, event }) => {
      if (event.kind !== "stored" && event.kind !== "boot") return;
      const { epoch } = event;
      const before = highest.get(peer) ?? 0;
      if (epoch >= before) highest.set(peer, epoch);
      else broken(`${peer} had epoch ${before} on disk, and then ${epoch}`, before, [peer]);
    };
  },
};
