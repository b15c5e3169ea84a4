import type { PeerId } from "../../election/mod.ts";
import type { Invariant } from "./invariant.ts";

interface Vote {
  epoch: number;
  on: PeerId | undefined;
  /** In this life it was a candidate of the epoch and is no more: the vote for itself is sealed (R5). */
  sealed: boolean;
  ceded: PeerId | undefined;
}

/** I3. What counts is what reached the disk: a vote that a crash took before was seen by nobody. */
export const oneVote: Invariant = {
  id: "I3",
  says:
    "a peer votes for one candidate per epoch, but for one cede from itself to a smaller one; never after it won or restarted",
  watch({ precedes, broken }) {
    const votes = new Map<PeerId, Vote>();
    const voteOf = (peer: PeerId): Vote => {
      let vote = votes.get(peer);
      if (vote === undefined) {
        votes.set(peer, vote = { epoch: -1, on: undefined, sealed: false, ceded: undefined });
      }
      return vote;
    };
    const stored = (peer: PeerId, epoch: number, votedFor: PeerId | undefined): void => {
      const vote = voteOf(peer);
      if (epoch !== vote.epoch) {
        const { ceded } = vote;
        votes.set(peer, { epoch, on: votedFor, sealed: false, ceded });
        return;
      }
      const before = vote.on;
      vote.on = votedFor;
      if (before === undefined || before === votedFor) return;
      const ceded = before === peer && votedFor !== undefined && vote.ceded === votedFor &&
        precedes(votedFor, peer);
      vote.ceded = undefined;
      if (ceded) return;
      const others = [before, votedFor].filter((other) => other !== undefined);
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
        case "cede": {
          const vote = voteOf(peer);
          if (vote.sealed && vote.epoch === event.epoch) {
            broken(
              `${peer} ceded its vote of epoch ${event.epoch} after its candidacy was over`,
              event.epoch,
              [peer, event.to],
            );
          }
          vote.ceded = event.to;
          return;
        }
        case "candidate":
          voteOf(peer).ceded = undefined;
          return;
        case "win":
        case "stepdown":
          if (voteOf(peer).epoch === event.epoch) voteOf(peer).sealed = true;
          return;
        case "boot":
          voteOf(peer).sealed = true;
          voteOf(peer).ceded = undefined;
          return;
      }
    };
  },
};
