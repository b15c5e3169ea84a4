import { Refusal, reviveError } from "../actor/mod.ts";
import type { Change } from "../election/mod.ts";

/** The base of a peer's refusals. */
export abstract class PeerError extends Refusal {}

/** A question for the tracker reached a peer that is not, or not in that epoch: the fencing of reference `election.md` §1.5. */
export class NotTrackerError extends PeerError {
  readonly code = "not_tracker";
  /** The epoch of the peer that refuses. */
  readonly epoch: number;

  constructor(peer: string, asked: number, epoch: number) {
    super(`${peer} is not the tracker of epoch ${asked}; it is in epoch ${epoch}`);
    this.epoch = epoch;
  }
}

/** No tracker was known in time. */
export class NoTrackerError extends PeerError {
  readonly code = "no_tracker";

  constructor(what: string, ms: number, last?: unknown) {
    super(
      `${what} needs a tracker, and none answered within ${ms} ms`,
      last === undefined ? undefined : { cause: last },
    );
  }
}

/** A change of the electorate was refused, or not carried through. */
export class ElectorateError extends PeerError {
  readonly code = "electorate";

  constructor(peer: string, change: Change, why: string) {
    const what = "add" in change ? `add ${change.add} to` : `remove ${change.remove} from`;
    super(`${peer} could not ${what} the electorate: ${why}`);
  }
}

/** A peer that has its disk needs no new voter id. */
export class NotLostError extends PeerError {
  readonly code = "not_lost";

  constructor(peer: string) {
    super(`${peer} has not lost its record of votes, so it keeps its voter id`);
  }
}

/** Nothing in the network is called that. */
export class NotFoundError extends PeerError {
  readonly code = "not_found";

  constructor(what: string) {
    super(`No peer shares a file named ${what}`);
  }
}

/** Several files have that name; the message gives their ids. */
export class AmbiguousError extends PeerError {
  readonly code = "ambiguous";
  readonly fileIds: readonly string[];

  constructor(what: string, fileIds: readonly string[]) {
    const ids = fileIds.map((id) => id.slice(0, 12)).join(", ");
    super(`${what} stands for ${fileIds.length} different files; ask by id: ${ids}`);
    this.fileIds = fileIds;
  }
}

/** The peer that was named does not have the file. */
export class NotAHolderError extends PeerError {
  readonly code = "not_a_holder";

  constructor(holder: string, what: string, holders: readonly string[]) {
    super(`${holder} does not have ${what}; ${holders.join(", ") || "nobody"} does`);
  }
}

/** What the command needs cannot be done; the cause says why. */
export class FailedError extends PeerError {
  readonly code = "failed";

  constructor(what: string, cause: unknown) {
    super(`${what}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
}

reviveError(
  NotTrackerError,
  NoTrackerError,
  ElectorateError,
  NotLostError,
  NotFoundError,
  AmbiguousError,
  NotAHolderError,
  FailedError,
);
