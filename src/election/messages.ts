import type { Draft } from "./turn.ts";
import type {
  Common,
  DenyReason,
  Heartbeat,
  HeartbeatReply,
  PreVote,
  PreVoteReply,
  Resign,
  Vote,
  VoteReply,
} from "./wire.ts";

/** Asks for a pre-vote. */
export function preVote(s: Draft, epoch: number): PreVote {
  return { kind: "PREVOTE", ...common(s, epoch) };
}

/** Answers a pre-vote for `epoch`. */
export function preVoteReply(s: Draft, epoch: number, granted: boolean): PreVoteReply {
  return { kind: "PREVOTE_R", ...common(s, epoch), granted, myEpoch: s.epoch };
}

/** Asks for a vote in the candidate's epoch. */
export function vote(s: Draft): Vote {
  return { kind: "VOTE", ...common(s, s.epoch) };
}

/** Grants a vote asked for in `epoch`. */
export function grantReply(s: Draft, epoch: number): VoteReply {
  return { kind: "VOTE_R", ...common(s, epoch), granted: true, myEpoch: s.epoch, why: undefined };
}

/** Refuses a vote asked for in `epoch`. */
export function denyReply(s: Draft, epoch: number, why: DenyReason): VoteReply {
  return { kind: "VOTE_R", ...common(s, epoch), granted: false, myEpoch: s.epoch, why };
}

/** The tracker's heartbeat of the present round. */
export function heartbeat(s: Draft): Heartbeat {
  return { kind: "HB", ...common(s, s.epoch), seq: s.seq };
}

/** Answers heartbeat `seq` of `epoch`. */
export function heartbeatReply(s: Draft, epoch: number, seq: number): HeartbeatReply {
  return { kind: "HB_R", ...common(s, epoch), seq, myEpoch: s.epoch };
}

/** Says that this peer is tracker of `epoch` no longer. */
export function resignation(s: Draft, epoch: number): Resign {
  return { kind: "RESIGN", ...common(s, epoch) };
}

function common({ settings, incarnation, config }: Draft, epoch: number): Common {
  return {
    epoch,
    uri: settings.uri,
    incarnation,
    configEpoch: config.epoch,
    configVersion: config.version,
  };
}
