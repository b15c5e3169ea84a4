import { inspect } from "node:util";
import { createSystem } from "../../../src/actor.ts";
import type { ActorSystem, SimulatedSystem } from "../../../src/actor.ts";
import { NeverHappenedError } from "../../support/eventually.ts";
import type { CaseHost } from "../threads/host.ts";

const SEED = 5;

/** Simulated threads. One system at a time: time is that of the one that was made last. */
export function simulation(): CaseHost {
  let latest: SimulatedSystem | undefined;
  return {
    async createSystem({ runtime: _, maxZombies: _none, ...options }) {
      return latest = await createSystem({ seed: SEED, ...options, runtime: "simulation" });
    },
    async eventually(what, probe, { timeoutMs = 10_000, intervalMs = 10 }) {
      let seen: unknown;
      for (let waited = 0; waited <= timeoutMs; waited += intervalMs) {
        try {
          const value = await probe();
          if (value !== false && value !== null && value !== undefined) return value as never;
          seen = value;
        } catch (thrown) {
          seen = thrown;
        }
        await latest?.world.advance(intervalMs);
      }
      throw new NeverHappenedError(`Waited for ${what}; last seen: ${inspect(seen)}`);
    },
    exitThread: (system, ref) => worldOf(system).exit(ref),
    spin(system, ref) {
      worldOf(system).hang(ref, { during: "spin" });
      ref.tell.spin(0);
    },
    skip: () => "in a simulation all threads are one: code that never yields there ends the test",
  };
}

function worldOf(system: ActorSystem): SimulatedSystem["world"] {
  return (system as SimulatedSystem).world;
}
