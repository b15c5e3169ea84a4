import { peerName } from "../peer/mod.ts";
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

  #place(peer: Target): string {
    return peerName(this.resolve(peer));
  }

  partition(...groups: readonly (readonly Target[])[]): void {
    const places = groups.map((group) => group.map((peer) => this.#place(peer)));
    this.announce("fault.partition", {
      groups: groups.map((group) => group.map((peer) => this.resolve(peer))),
    });
    this.world.partition(...places);
  }

  heal(): void {
    this.announce("fault.heal", {});
    this.world.heal();
  }

  pause(peer: Target): void {
    this.announce("fault.pause", { peer: this.resolve(peer) });
    this.world.hang(this.#place(peer));
  }

  resume(peer: Target): void {
    this.announce("fault.resume", { peer: this.resolve(peer) });
    this.world.resume(this.#place(peer));
  }

  slow(peer: Target, ms: number): void {
    this.announce("fault.slow", { peer: this.resolve(peer), ms });
    this.world.slow(this.#place(peer), ms);
  }
}
