import type { Config } from "./config.ts";
import { isVoter } from "./config.ts";
import type { PeerId } from "./identity.ts";
import type { Settings } from "./options.ts";

/** The least number of `voters` peers of which any two sets share one. */
export function majority(voters: number): number {
  return Math.floor(voters / 2) + 1;
}

/** Grants that elect under `config`: of its electorate, never of the peers that happen to be seen (R6). */
export function quorumOf(settings: Settings, config: Config): number {
  const { length } = config.voters;
  const safe = majority(length);
  if (settings.quorum === undefined) return safe;
  // The electorate may be another one by now than that which the option was checked against.
  const wanted = settings.unsafe ? settings.quorum : Math.max(settings.quorum, safe);
  return Math.min(wanted, length);
}

/** `tally` with the grant of `peer`; the same array if `peer` is no voter or is in it already (R1, R6). */
export function addGrant(
  tally: readonly PeerId[],
  config: Config,
  peer: PeerId,
): readonly PeerId[] {
  return !isVoter(config, peer) || tally.includes(peer) ? tally : [...tally, peer];
}

/** What {@linkcode hasQuorum} looks at. */
export interface Tally {
  readonly settings: Settings;
  readonly config: Config;
  readonly tally: readonly PeerId[];
}

/** Whether the grants suffice. Nobody wins without a vote of its own that is on disk (row 7). */
export function hasQuorum({ settings, config, tally }: Tally): boolean {
  return tally.length >= quorumOf(settings, config) && tally.includes(settings.peerId);
}
