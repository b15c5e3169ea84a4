import type { PeerId } from "../../election/mod.ts";
import type { Invariant } from "./invariant.ts";
import { Recent } from "./recent.ts";

/** I1, over all of history and not only at the same time. */
export const oneWinner: Invariant = {
  id: "I1",
  says: "at most one peer ever wins an epoch",
  on: ["win", "violation"],
  watch({ claims, broken }) {
    const winners = new Recent<number, PeerId>();
    return ({ peer, event }) => {
      if (event.kind === "violation") {
        broken(`${peer} saw two trackers of epoch ${event.epoch}`, event.epoch, event.peers);
      }
      if (event.kind !== "win") return;
      const { epoch } = event;
      claims.know(peer, epoch, "win");
      const other = winners.get(epoch);
      if (other === undefined) winners.set(epoch, peer);
      else broken(`${other} and ${peer} both won epoch ${epoch}`, epoch, [other, peer]);
    };
  },
};
