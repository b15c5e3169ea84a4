import type { Invariant } from "./invariant.ts";

/** I9. */
export const followedWinners: Invariant = {
  id: "I9",
  says: "who is followed as tracker of an epoch has won it",
  on: ["follow"],
  watch({ claims, broken }) {
    return ({ at, peer, event }) => {
      if (event.kind !== "follow") return;
      const { epoch, tracker } = event;
      claims.claim([tracker], 1, epoch, "win", at, () => {
        const message = `${peer} follows ${tracker} in epoch ${epoch}, which it did not win`;
        broken(message, epoch, [peer, tracker]);
      });
    };
  },
};
