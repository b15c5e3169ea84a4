import process from "node:process";
import { runChaos, type Swarm, swarmOf } from "../../src/lab/elections/mod.ts";
import type { Row } from "../section.ts";
import { median } from "../statistics.ts";

const ROUNDS = 5;
const PEERS = 5;
const SEEDS = 1_000;

/** Round by round. */
interface Sums {
  /** Virtual milliseconds per real one. */
  readonly speeds: number[];
  /** Events per real second. */
  readonly events: number[];
  /** Events per second of a processor, collecting garbage included: what other work on the machine disturbs less. */
  readonly busy: number[];
}

/** Bare cores under random faults, a fresh world per seed: with the invariants watched, and without. */
export function elections(): Row[] {
  const swarms = Array.from({ length: SEEDS }, (_, i) => swarmOf(i + 1, PEERS));
  const checked: Sums = { speeds: [], events: [], busy: [] };
  const unchecked: Sums = { speeds: [], events: [], busy: [] };
  for (let round = -1; round < ROUNDS; round++) {
    for (const [check, sums] of [[true, checked], [false, unchecked]] as const) {
      const { speed, events, busy } = measure(swarms, check);
      if (round < 0) continue;
      sums.speeds.push(speed);
      sums.events.push(events);
      sums.busy.push(busy);
    }
  }
  return [
    ...rowsOf(`${PEERS} bare cores, chaos`, checked, true),
    ...rowsOf("  invariants not watched", unchecked, false),
  ];
}

function measure(
  swarms: readonly Swarm[],
  check: boolean,
): { readonly speed: number; readonly events: number; readonly busy: number } {
  const [began, used] = [performance.now(), process.cpuUsage()];
  let [ms, events] = [0, 0];
  for (const swarm of swarms) {
    const run = runChaos(swarm.seed, { swarm, check });
    ms += run.ms;
    events += run.events;
  }
  const took = performance.now() - began;
  const { user, system } = process.cpuUsage(used);
  return { speed: ms / took, events: events / took * 1e3, busy: events / (user + system) * 1e6 };
}

function rowsOf(name: string, { speeds, events, busy }: Sums, aimed: boolean): Row[] {
  const aim = (text: string): { readonly aim?: string } => aimed ? { aim: text } : {};
  return [
    {
      name,
      value: median(speeds),
      unit: "",
      reference: { name: "real time", value: 1 },
      ratios: speeds,
      ...aim(">= 5000"),
    },
    {
      name: "  its events",
      value: median(events),
      unit: "/s",
      samples: events,
      ...aim(">= 1.5 M"),
    },
    { name: "  per second of a processor", value: median(busy), unit: "/s", samples: busy },
  ];
}
