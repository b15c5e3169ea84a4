import type { ActorDefinition } from "../../actor/mod.ts";
import type { Protocol } from "../../election/mod.ts";
import { type PeerArgs, type PeerProtocol, peerWith } from "../../peer/mod.ts";
import { stepWith } from "./table.ts";

/**
 * A peer with the bug of `mutant` planted in its election, for `createCluster({ runtime: "simulation", peer })`.
 *
 * @throws InvalidOptionError naming the mutants that there are
 */
export function mutantPeer(
  mutant: string,
  protocol?: Protocol,
): ActorDefinition<PeerArgs, PeerProtocol> {
  return peerWith(stepWith(mutant, protocol));
}
