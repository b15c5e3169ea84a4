import type { PeerId } from "../../election/mod.ts";
import type { Invariant } from "./invariant.ts";

/** I4: whoever ceded, won, stepped down, took over another epoch or restarted counts no vote of that candidacy any more. */
export const closedCandidacies: Invariant = {
  id: "I4",
  says: "no vote is counted for a candidacy that is over",
  on: ["candidate", "cede", "win", "stepdown", "adopt", "boot", "down", "count"],
  watch({ broken }) {
    const open = new Map<PeerId, number>();
    return ({ peer, event }) => {
      switch (event.kind) {
        case "candidate":
          open.set(peer, event.epoch);
          return;
        case "cede":
        case "win":
        case "stepdown":
        case "adopt":
        case "boot":
        case "down":
          open.delete(peer);
          return;
        case "count": {
          const { epoch, from } = event;
          if (open.get(peer) === epoch) return;
          const message =
            `${peer} counted a vote of ${from} in epoch ${epoch}, for which it does not stand`;
          return broken(message, epoch, [peer, from]);
        }
      }
    };
  },
};
