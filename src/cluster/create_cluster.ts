import { InvalidOptionError } from "../actor/mod.ts";
import type { Cluster, ClusterOptions, SimulatedCluster, SimulatedClusterOptions } from "./api.ts";
import { LocalCluster } from "./cluster.ts";
import { validateFolders, validateOptions } from "./options.ts";
import { RealPremises } from "./real_premises.ts";

/**
 * Starts a registry, a supervisor tree and peers in this process; settles when every peer is up. A tracker is elected meanwhile or soon
 * after: see {@linkcode Cluster.tracker}. With `runtime: "simulation"` threads, links and disks are simulated, and time is
 * virtual: see docs/simulation.md.
 *
 * @throws InvalidOptionError naming the option; StartFailedError. Nothing is left running then.
 *
 * @example
 * ```ts
 * import { createCluster } from "troupe";
 * await using cluster = await createCluster({ peers: 5 });
 * const first = await cluster.tracker();
 * await cluster.crash("tracker");
 * const next = await cluster.tracker({ above: first.epoch });
 * console.log(`${first.tracker} of epoch ${first.epoch}, then ${next.tracker} of epoch ${next.epoch}`);
 * ```
 */
export function createCluster(options: SimulatedClusterOptions): Promise<SimulatedCluster>;
export function createCluster(options?: ClusterOptions): Promise<Cluster>;
export async function createCluster(
  options: ClusterOptions | SimulatedClusterOptions = {},
): Promise<Cluster> {
  const { runtime = "threads" } = options;
  validateOptions(options);
  if (options.runtime === "simulation") {
    // Those who never simulate load none of it.
    const { createSimulatedCluster } = await import("./simulated_cluster.ts");
    return await started(createSimulatedCluster(options));
  }
  if (runtime !== "threads") {
    throw new InvalidOptionError("runtime", runtime, '"threads" or "simulation"');
  }
  validateFolders(options as ClusterOptions);
  return await started(new LocalCluster(options, new RealPremises(options as ClusterOptions)));
}

async function started<C extends LocalCluster>(cluster: C): Promise<C> {
  try {
    await cluster.start();
  } catch (error) {
    await cluster.close();
    throw error;
  }
  return cluster;
}
