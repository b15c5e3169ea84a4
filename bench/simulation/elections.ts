import { runChaos, swarmOf } from "../../src/lab/elections/mod.ts";
import type { Row } from "../section.ts";
import { median } from "../statistics.ts";

const ROUNDS = 5;
const PEERS = 5;
const SEEDS = 1_000;

/** Bare cores under random faults, a fresh world per seed: with the invariants watched, and without. */
export function elections(): Row[] {
  const swarms = Array.from({ length: SEEDS }, (_, i) => swarmOf(i + 1, PEERS));
  const checked = { speeds: [] as number[], events: [] as number[] };
  const unchecked = { speeds: [] as number[], events: [] as number[] };
  for (let round = -1; round < ROUNDS; round++) {
    for (const [check, sums] of [[true, checked], [false, unchecked]] as const) {
      const began = performance.now();
      let [ms, events] = [0, 0];
      for (const swarm of swarms) {
        const run = runChaos(swarm.seed, { swarm, check });
        ms += run.ms;
        events += run.events;
      }
      const took = performance.now() - began;
      if (round < 0) continue;
      sums.speeds.push(ms / took);
      sums.events.push(events / took * 1_000);
    }
  }
  return [
    ...rowsOf(`${PEERS} bare cores, chaos`, checked, true),
    ...rowsOf("  invariants not watched", unchecked, false),
  ];
}

function rowsOf(
  name: string,
  { speeds, events }: { readonly speeds: number[]; readonly events: number[] },
  aimed: boolean,
): Row[] {
  return [
    {
      name,
      value: median(speeds),
      unit: "",
      reference: { name: "real time", value: 1 },
      ratios: speeds,
      ...(aimed && { aim: ">= 5000" }),
    },
    {
      name: "  its events",
      value: median(events),
      unit: "/s",
      samples: events,
      ...(aimed && { aim: ">= 1.5 M" }),
    },
  ];
}
