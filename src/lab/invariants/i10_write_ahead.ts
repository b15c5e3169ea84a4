import { factsAbout } from "./facts.ts";
import type { Invariant } from "./invariant.ts";

/** I10. */
export const writeAhead: Invariant = {
  id: "I10",
  says: "a vote that is counted was on its voter's disk before it was sent",
  on: ["stored", "count"],
  watch({ claims, broken }) {
    const voteFor = factsAbout("vote");
    return ({ at, peer, event }) => {
      if (event.kind === "stored") {
        const { epoch, votedFor } = event;
        if (votedFor !== undefined) claims.know(peer, epoch, voteFor(votedFor));
      } else if (event.kind === "count") {
        const { epoch, from } = event;
        claims.claim([from], 1, epoch, voteFor(peer), at, () => {
          const message =
            `${peer} counted a vote of ${from} in epoch ${epoch} that was not on disk`;
          broken(message, epoch, [peer, from]);
        });
      }
    };
  },
};
