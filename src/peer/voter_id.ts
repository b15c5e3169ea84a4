import type { Clock } from "../actor/mod.ts";

const MARK = "#";

/**
 * The peer behind a voter's id. They are the same, but for a peer that lost its disk and was admitted again: it votes
 * under a new id then, `peer-3#mh2k1x4a`, since nobody knows whom it voted for under the old one (reference `election.md` §1.6).
 */
export function peerOf(voter: string): string {
  const end = voter.lastIndexOf(MARK);
  return end === -1 ? voter : voter.slice(0, end);
}

/** An id that `peer` never voted under: of the time, since a seed gives the same draws in every run. */
export function newVoterId(peer: string, clock: Clock): string {
  return `${peer}${MARK}${Math.floor(clock.wall()).toString(36)}`;
}
