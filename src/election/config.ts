import type { PeerId } from "./identity.ts";

/** What orders configurations: the epoch that wrote one, then its version in that epoch (§1.6). */
export interface ConfigId {
  /** Epoch of the tracker that wrote it; 0 for the one given at the first start. */
  readonly epoch: number;
  /** Counts the changes; 1 for the one given at the first start. */
  readonly version: number;
}

/** Who may vote. Written to disk with the vote, since a quorum means nothing without its electorate. */
export interface Config extends ConfigId {
  /** At least one peer, each once; every member holds them in the same order. */
  readonly voters: readonly PeerId[];
}

/** The electorate given at the first start. */
export function firstConfig(voters: readonly PeerId[]): Config {
  return { epoch: 0, version: 1, voters };
}

/** Below 0 if the configuration (`epoch`, `version`) is older than `other`, 0 if it is the same, above 0 if it is newer. */
export function compareConfig(epoch: number, version: number, other: ConfigId): number {
  return epoch - other.epoch || version - other.version;
}

/** A change of the electorate: one voter more, or one less. */
export type Change = { readonly add: PeerId } | { readonly remove: PeerId };

/** `voters` after `change`. */
export function changeVoters(voters: readonly PeerId[], change: Change): readonly PeerId[] {
  return "add" in change
    ? [...voters, change.add]
    : voters.filter((voter) => voter !== change.remove);
}

/** Whether `peer` may vote under `config`. */
export function isVoter(config: Config, peer: PeerId): boolean {
  return config.voters.includes(peer);
}
