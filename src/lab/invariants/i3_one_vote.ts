import type { PeerId } from "../../election/mod.ts";
import type { Invariant } from "./invariant.ts";
import { Recent } from "./recent.ts";

/** Cedes of one life that may still be on their way to the disk. */
const CEDES = 64;

interface Votes {
  /** As last stored. */
  epoch: number;
  on: PeerId | undefined;
  /** Up to this epoch its candidacies are over: a vote for itself is sealed (R5). */
  sealed: number;
  /** By epoch, of this life. */
  ceded: Recent<number, PeerId | undefined>;
}

/** I3. What counts is what reached the disk: a vote that a crash took before was seen by nobody. */
export const oneVote: Invariant = {
  id: "I3",
  says:
    "a peer votes for one candidate per epoch, but for one cede from itself to a smaller one; never after it won or restarted",
  on: ["stored", "candidate", "cede", "win", "stepdown", "boot"],
  watch({ precedes, broken }) {
    const all = new Map<PeerId, Votes>();
    const votesOf = (peer: PeerId): Votes => {
      let votes = all.get(peer);
      if (votes === undefined) {
        votes = { epoch: -1, on: undefined, sealed: -1, ceded: new Recent(CEDES) };
        all.set(peer, votes);
      }
      return votes;
    };
    const stored = (peer: PeerId, epoch: number, votedFor: PeerId | undefined): void => {
      const votes = votesOf(peer);
      const before = votes.epoch === epoch ? votes.on : undefined;
      votes.epoch = epoch;
      votes.on = votedFor;
      if (before === undefined || before === votedFor) return;
      const ceded = before === peer && votedFor !== undefined &&
        votes.ceded.get(epoch) === votedFor && precedes(votedFor, peer);
      if (ceded) return;
      const others = votedFor === undefined ? [before] : [before, votedFor];
      broken(
        `${peer} voted for ${before} in epoch ${epoch}, and then for ${votedFor ?? "nobody"}`,
        epoch,
        [peer, ...others],
      );
    };
    return ({ peer, event }) => {
      switch (event.kind) {
        case "stored":
          return stored(peer, event.epoch, event.votedFor);
        case "candidate": {
          const votes = votesOf(peer);
          votes.sealed = Math.min(votes.sealed, event.epoch - 1);
          votes.ceded.set(event.epoch, undefined);
          return;
        }
        case "cede": {
          const votes = votesOf(peer);
          const { epoch, to } = event;
          if (epoch <= votes.sealed) {
            broken(
              `${peer} ceded its vote of epoch ${epoch} after its candidacy was over`,
              epoch,
              [peer, to],
            );
          }
          votes.ceded.set(epoch, to);
          return;
        }
        case "win":
        case "stepdown":
          votesOf(peer).sealed = Math.max(votesOf(peer).sealed, event.epoch);
          return;
        case "boot":
          votesOf(peer).sealed = Math.max(votesOf(peer).sealed, event.epoch);
          votesOf(peer).ceded = new Recent(CEDES);
          return;
      }
    };
  },
};
