import type { Invariant } from "./invariant.ts";

/** I7, as far as those tell that register: who owns a name at the registry follows, since it refuses a second owner. */
export const names: Invariant = {
  id: "I7",
  says: "only the winner of an epoch has its name, and the current tracker's epoch is no lower",
  on: ["registered"],
  watch({ claims, broken }) {
    return ({ peer, event }) => {
      if (event.kind !== "registered") return;
      const { epoch, highest } = event;
      if (!claims.knows(peer, epoch, "win")) {
        broken(`${peer} has the name of epoch ${epoch}, which it did not win`, epoch, [peer]);
      }
      if (highest >= epoch) return;
      broken(
        `${peer} registered epoch ${epoch}, and the current tracker's is ${highest}`,
        epoch,
        [peer],
      );
    };
  },
};
