import type { PeerId } from "../../election/mod.ts";
import type { Claims } from "./claims.ts";
import type { Observed, Occurrence } from "./observed.ts";

/** What a run is about. */
export interface Setup {
  /** Who votes at the start; later electorates are taken from the events. */
  readonly voters: readonly PeerId[];
  /** Grants that elect. Default: the majority of the present electorate, which it is raised to unless `unsafe`. */
  readonly quorum?: number;
  readonly unsafe?: boolean;
  /** Orders rivals, see `precedes`. Default: `peer://<id>`. */
  readonly uriOf?: (peer: PeerId) => string;
  /**
   * Whether every event comes, and in the order of time, as in a simulation. On threads a peer that dies takes its last events along,
   * and what two peers tell may come in either order; a missing event counts there only once it cannot come any more.
   *
   * @default false
   */
  readonly complete?: boolean;
  /** Ids of those to check; default: all. */
  readonly only?: readonly string[];
}

/** What an invariant works with. */
export interface Desk {
  readonly setup: Setup;
  readonly claims: Claims;
  /** Votes that elect under the electorate that `peer` holds now. */
  quorumOf(peer: PeerId): number;
  votersOf(peer: PeerId): readonly PeerId[];
  precedes(a: PeerId, b: PeerId): boolean;
  broken(message: string, epoch: number, about: readonly PeerId[]): void;
}

/** Looks at an event, and tells the desk what is broken. */
export type Watch = (occurrence: Occurrence) => void;

/** One invariant of §1.8. */
export interface Invariant {
  readonly id: string;
  /** One sentence. */
  readonly says: string;
  /** The kinds of events that it looks at. */
  readonly on: readonly Observed["kind"][];
  watch(desk: Desk): Watch;
}
