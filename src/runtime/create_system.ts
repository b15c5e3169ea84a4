import { InvalidOptionError } from "../actor/mod.ts";
import type { SimulatedSystem, SimulationOptions } from "./simulation/mod.ts";
import type { ActorSystem, SystemOptions } from "./threads/mod.ts";
import { createThreadSystem } from "./threads/mod.ts";

/**
 * Starts a system: the registry in a thread of its own, under a supervisor that restarts it, then `root`. With
 * `runtime: "simulation"` the threads are simulated, and time is virtual: see docs/simulation.md.
 *
 * @throws InvalidOptionError naming the option and its value
 * @throws StartFailedError if the registry or `root` does not start; nothing is left running then
 *
 * @example
 * ```ts
 * import { actor, createSystem } from "troupe";
 * const counter = actor((_ctx, start: number) => {
 *   let n = start;
 *   return { add: (by: number) => n += by };
 * });
 * await using system = await createSystem();
 * const ref = await system.spawn(counter, 1, { name: "counter" });
 * console.log(await ref.ask.add(2)); // 3
 * ```
 */
export function createSystem(
  options: SimulationOptions & { readonly runtime: "simulation" },
): Promise<SimulatedSystem>;
export function createSystem(options?: SystemOptions): Promise<ActorSystem>;
export async function createSystem(
  options: SystemOptions | SimulationOptions & { readonly runtime: "simulation" } = {},
): Promise<ActorSystem> {
  const { runtime = "threads" } = options;
  if (options.runtime === "simulation") {
    // Those who never simulate load none of it.
    const { createSimulatedSystem } = await import("./simulation/mod.ts");
    return await createSimulatedSystem(options);
  }
  if (runtime !== "threads") {
    throw new InvalidOptionError("runtime", runtime, '"threads" or "simulation"');
  }
  return await createThreadSystem(options as SystemOptions);
}
