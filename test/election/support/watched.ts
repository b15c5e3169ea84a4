import { makeChecker } from "./invariants.ts";
import { makeNetwork, type Network, type NetworkOptions, settle } from "./network.ts";

/** A settled network that is watched for every invariant. */
export function watchedNetwork(
  options: NetworkOptions,
): { readonly network: Network; readonly tracker: string } {
  const checker = makeChecker();
  const network = makeNetwork(options, [checker]);
  checker.watch(network);
  settle(network, options.seed);
  return { network, tracker: network.agreed()! };
}
