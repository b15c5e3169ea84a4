import { PROFILES } from "../../../src/election/mod.ts";
import { ElectionWorld } from "../../../src/lab/elections/mod.ts";
import { Draws } from "../../../src/runtime/simulation/draws.ts";
import { empirical } from "../../../src/runtime/simulation/latency.ts";
import type { LiveFailovers } from "./live_failovers.ts";

const { heartbeat, timeoutMax } = PROFILES.default;
const PEERS = 5;
const PATIENCE = 10_000;

/** As many failovers in virtual time, on links, disks and timers as slow as those that were measured. Ms each. */
export function simulatedFailovers(count: number, measured: LiveFailovers): number[] {
  const latency = empirical(measured.latencies);
  const disk = empirical(measured.writes);
  const late = empirical(measured.lateness);
  return Array.from({ length: count }, (_, seed) => {
    const draws = new Draws(`${seed}/kill`);
    const world = new ElectionWorld({ peers: PEERS, seed, latency, disk });
    const agree = (): void => {
      if (!world.runUntil(() => world.agreed(world.voters) !== undefined, PATIENCE)) {
        throw new Error(`Seed ${seed} agreed on no tracker in ${PATIENCE} ms`);
      }
    };
    world.startAll();
    agree();
    world.run(world.now + timeoutMax + draws.at(0, 0) * heartbeat);
    const killed = world.now;
    const tracker = world.agreed(world.voters)!;
    tracker.crash(false);
    agree();
    // One timer decides: that of the first who misses the tracker.
    return world.now - killed + late(draws.at(1, 0));
  });
}
