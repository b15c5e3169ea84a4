import type { PeerId } from "../../election/mod.ts";
import type { Invariant } from "./invariant.ts";

/** I2; that each grant was on disk before it was sent is I10. */
export const backedWins: Invariant = {
  id: "I2",
  says: "a win is backed by the grants of a quorum of the electorate, each counted once",
  on: ["candidate", "count", "win"],
  watch({ quorumOf, votersOf, broken }) {
    const counted = new Map<PeerId, { epoch: number; from: Set<PeerId> }>();
    return ({ peer, event }) => {
      if (event.kind === "candidate") counted.set(peer, { epoch: event.epoch, from: new Set() });
      else if (event.kind === "count") {
        const tally = counted.get(peer);
        if (tally?.epoch === event.epoch) tally.from.add(event.from);
      } else if (event.kind === "win") {
        const { epoch } = event;
        const tally = counted.get(peer);
        const backers = [...(tally?.epoch === epoch ? tally.from : [])]
          .filter((backer) => votersOf(peer).includes(backer) && event.tally.includes(backer));
        if (backers.length >= quorumOf(peer) && backers.includes(peer)) return;
        const by = backers.length === 0 ? "nobody" : backers.join(", ");
        broken(
          `${peer} won epoch ${epoch} backed by ${by}, where ${quorumOf(peer)} are needed`,
          epoch,
          [peer],
        );
      }
    };
  },
};
