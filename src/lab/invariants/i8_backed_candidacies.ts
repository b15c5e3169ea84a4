import type { PeerId } from "../../election/mod.ts";
import { factsAbout } from "./facts.ts";
import type { Invariant } from "./invariant.ts";
import { Recent } from "./recent.ts";

/** I8, second half: pre-votes write nothing, and epochs rise by candidacies that a quorum wanted. */
export const backedCandidacies: Invariant = {
  id: "I8",
  says:
    "a peer stands for an epoch only with a quorum's pre-votes, and nobody takes over an epoch that nobody stood for",
  on: ["prevote_grant", "candidate", "adopt"],
  watch({ setup, claims, quorumOf, votersOf, broken }) {
    const everybody = new Set<PeerId>(setup.voters);
    const preVoteFor = factsAbout("prevote");
    /** Epochs that somebody is known to have stood for. */
    const stoodFor = new Recent<number, true>();
    return ({ at, peer, event }) => {
      everybody.add(peer);
      switch (event.kind) {
        case "prevote_grant":
          return claims.know(peer, event.epoch, preVoteFor(event.candidate));
        case "candidate": {
          const { epoch } = event;
          claims.know(peer, epoch, "stood");
          stoodFor.set(epoch, true);
          const others = votersOf(peer).filter((other) => other !== peer);
          claims.claim(others, quorumOf(peer) - 1, epoch, preVoteFor(peer), at, () => {
            broken(`${peer} stood for epoch ${epoch} without a quorum's pre-votes`, epoch, [peer]);
          });
          return;
        }
        case "adopt": {
          const { epoch } = event;
          if (stoodFor.get(epoch)) return;
          claims.claim([...everybody], 1, epoch, "stood", at, () => {
            broken(`${peer} took over epoch ${epoch}, for which nobody stood`, epoch, [peer]);
          });
          return;
        }
      }
    };
  },
};
