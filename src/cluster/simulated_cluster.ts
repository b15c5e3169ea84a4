import type { DiskControls, WorldControls } from "../runtime/mod.ts";
import type { SimulatedCluster, SimulatedClusterOptions, Target } from "./api.ts";
import { LocalCluster } from "./cluster.ts";
import { SimulatedPremises } from "./simulated_premises.ts";

/** A cluster that is yet to be started. */
export function createSimulatedCluster(
  options: SimulatedClusterOptions,
): LocalCluster & SimulatedCluster {
  return new OnPremises(options, new SimulatedPremises(options));
}

class OnPremises extends LocalCluster implements SimulatedCluster {
  readonly #premises: SimulatedPremises;

  constructor(options: SimulatedClusterOptions, premises: SimulatedPremises) {
    super(options, premises);
    this.#premises = premises;
  }

  get world(): WorldControls {
    return this.#premises.world.controls;
  }

  disk(peer: Target): DiskControls {
    return this.#premises.disk(this.resolve(peer));
  }
}
