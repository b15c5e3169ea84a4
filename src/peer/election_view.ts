import { describe, type Role, type State } from "../election/mod.ts";
import type { RememberedVote } from "./vote_memory.ts";
import { peerOf } from "./voter_id.ts";

/** What a peer knows of the election. Peers are named by where they are reached, voters by their ids. */
export interface ElectionView {
  readonly role: Role;
  readonly epoch: number;
  readonly tracker: string | undefined;
  readonly voter: string;
  readonly voters: readonly string[];
  readonly lost: boolean;
  readonly votes: readonly RememberedVote[];
  readonly candidacy:
    | { readonly epoch: number; readonly votes: number; readonly needed: number }
    | undefined;
}

/** What `state` means to people and to the rest of the peer. */
export function viewOf(state: State, votes: readonly RememberedVote[]): ElectionView {
  const { role, epoch, tracker, config, settings, lost } = state;
  return {
    role,
    epoch,
    tracker: tracker === undefined ? undefined : peerOf(tracker),
    voter: settings.peerId,
    voters: config.voters,
    lost,
    votes,
    candidacy: describe(state).candidacy,
  };
}
