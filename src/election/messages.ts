import type { Draft } from "./turn.ts";
import type {
  ConfigNews,
  DenyReason,
  Heartbeat,
  HeartbeatReply,
  PreVote,
  PreVoteReply,
  Resign,
  Vote,
  VoteReply,
} from "./wire.ts";

// Every kind spells out its fields: made in one go, they are cheaper than spread from a common part.

/** Asks for a pre-vote. */
export function preVote(s: Draft, epoch: number): PreVote {
  return {
    kind: "PREVOTE",
    epoch,
    uri: s.settings.uri,
    incarnation: s.incarnation,
    configEpoch: s.config.epoch,
    configVersion: s.config.version,
  };
}

/** Answers a pre-vote for `epoch`. */
export function preVoteReply(s: Draft, epoch: number, granted: boolean): PreVoteReply {
  return {
    kind: "PREVOTE_R",
    epoch,
    uri: s.settings.uri,
    incarnation: s.incarnation,
    configEpoch: s.config.epoch,
    configVersion: s.config.version,
    granted,
    myEpoch: s.epoch,
  };
}

/** Asks for a vote in the candidate's epoch. */
export function vote(s: Draft): Vote {
  return {
    kind: "VOTE",
    epoch: s.epoch,
    uri: s.settings.uri,
    incarnation: s.incarnation,
    configEpoch: s.config.epoch,
    configVersion: s.config.version,
  };
}

/** Grants a vote asked for in `epoch`. */
export function grantReply(s: Draft, epoch: number): VoteReply {
  return {
    kind: "VOTE_R",
    epoch,
    uri: s.settings.uri,
    incarnation: s.incarnation,
    configEpoch: s.config.epoch,
    configVersion: s.config.version,
    granted: true,
    myEpoch: s.epoch,
    why: undefined,
  };
}

/** Refuses a vote asked for in `epoch`. */
export function denyReply(s: Draft, epoch: number, why: DenyReason): VoteReply {
  return {
    kind: "VOTE_R",
    epoch,
    uri: s.settings.uri,
    incarnation: s.incarnation,
    configEpoch: s.config.epoch,
    configVersion: s.config.version,
    granted: false,
    myEpoch: s.epoch,
    why,
  };
}

/** The tracker's heartbeat of the present round. */
export function heartbeat(s: Draft): Heartbeat {
  return {
    kind: "HB",
    epoch: s.epoch,
    uri: s.settings.uri,
    incarnation: s.incarnation,
    configEpoch: s.config.epoch,
    configVersion: s.config.version,
    seq: s.seq,
  };
}

/** Answers heartbeat `seq` of `epoch`. */
export function heartbeatReply(s: Draft, epoch: number, seq: number): HeartbeatReply {
  return {
    kind: "HB_R",
    epoch,
    uri: s.settings.uri,
    incarnation: s.incarnation,
    configEpoch: s.config.epoch,
    configVersion: s.config.version,
    seq,
    myEpoch: s.epoch,
  };
}

/** Says that this peer is tracker of `epoch` no longer. */
export function resignation(s: Draft, epoch: number): Resign {
  return {
    kind: "RESIGN",
    epoch,
    uri: s.settings.uri,
    incarnation: s.incarnation,
    configEpoch: s.config.epoch,
    configVersion: s.config.version,
  };
}

/** Tells the electorate. */
export function configNews(s: Draft): ConfigNews {
  return {
    kind: "CONFIG",
    epoch: s.epoch,
    uri: s.settings.uri,
    incarnation: s.incarnation,
    configEpoch: s.config.epoch,
    configVersion: s.config.version,
    voters: s.config.voters,
  };
}
