/** Why a peer refuses its vote or its pre-vote. */
export type DenyReason =
  /** It may not vote itself, or lost its disk (row 2). */
  | "learner"
  /** The candidate is not in its electorate. */
  | "not_a_voter"
  /** The candidate's configuration is older (§1.6). */
  | "old_config"
  /** The candidate's epoch is behind (row 11). */
  | "stale_epoch"
  /** It promised a tracker to vote for nobody else yet, or is a tracker with a valid lease (row 9). */
  | "lease"
  /** It is the tracker of that epoch (row 15). */
  | "is_tracker"
  /** It follows a tracker of that epoch (R3). */
  | "tracker_known"
  /** It voted for another peer in that epoch. */
  | "voted"
  /** It voted for itself, and the candidacy is over (R5). */
  | "sealed"
  /** It is a candidate itself and comes before (R4). */
  | "not_preferred";

/** What every message carries; its sender is given by whoever delivers it. */
export interface Common {
  /** Of the question, also in its answer; in a heartbeat and RESIGN the tracker's. */
  readonly epoch: number;
  /** The sender's: data for the order of rivals, never an identity (R1). */
  readonly uri: string;
  /** The sender's life, from 1; 0 for a learner that lost its disk. */
  readonly incarnation: number;
  /** The sender's {@linkcode ConfigId}. */
  readonly configEpoch: number;
  readonly configVersion: number;
}

/** "Would you vote for me in `epoch`?" Promises nothing and changes nothing durable (rows 3 to 6). */
export interface PreVote extends Common {
  readonly kind: "PREVOTE";
}

/** Answers a {@linkcode PreVote}. */
export interface PreVoteReply extends Common {
  readonly kind: "PREVOTE_R";
  readonly granted: boolean;
  readonly myEpoch: number;
}

/** "Vote for me in `epoch`" (rows 7, 9 to 15). */
export interface Vote extends Common {
  readonly kind: "VOTE";
}

/** Answers a {@linkcode Vote}. A grant leaves only after the vote is on disk (R2). */
export interface VoteReply extends Common {
  readonly kind: "VOTE_R";
  readonly granted: boolean;
  readonly myEpoch: number;
  /** Only where it is not granted. */
  readonly why: DenyReason | undefined;
}

/** "I am tracker of `epoch`" (rows 16, 18 to 23). */
export interface Heartbeat extends Common {
  readonly kind: "HB";
  /** From 1, by one per round of heartbeats in this epoch. */
  readonly seq: number;
}

/** Answers a {@linkcode Heartbeat}: a promise to vote for nobody else for `timeoutMin`, where the epochs are equal. */
export interface HeartbeatReply extends Common {
  readonly kind: "HB_R";
  /** Of the heartbeat that is answered. */
  readonly seq: number;
  readonly myEpoch: number;
}

/** "I am no longer tracker of `epoch`, and my lease is given up" (rows 25, 26). */
export interface Resign extends Common {
  readonly kind: "RESIGN";
}

/** "The electorate is this one": sent to whoever shows that it holds an older one (§1.6). */
export interface ConfigNews extends Common {
  readonly kind: "CONFIG";
  readonly voters: readonly string[];
}

/** All that peers say to one another about elections. Plain data: may be cloned, or packed into an array. */
export type Message =
  | PreVote
  | PreVoteReply
  | Vote
  | VoteReply
  | Heartbeat
  | HeartbeatReply
  | Resign
  | ConfigNews;

/** A message and the peer it is for. */
export interface Outgoing {
  readonly to: string;
  readonly message: Message;
}
