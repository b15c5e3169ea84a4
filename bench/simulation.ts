import process from "node:process";
import { actor, createSystem } from "../src/actor.ts";
import { createCluster } from "../src/cluster/mod.ts";
import { EventHeap } from "../src/runtime/simulation/heap.ts";
import { Link } from "../src/runtime/simulation/link.ts";
import { cleanRules } from "../src/runtime/simulation/link_rules.ts";
import { uniform } from "../src/runtime/simulation/mod.ts";
import type { Row, Section } from "./section.ts";
import { crowd as bareCrowd } from "./simulation/crowd.ts";
import { elections } from "./simulation/elections.ts";
import { median } from "./statistics.ts";

const ROUNDS = 3;
/** Virtual seconds per round. */
const CALM = 100;
const CHAOS = 60;
const CROWD = 4;

/** How fast virtual time passes, and what bears it. */
export const simulation: Section = {
  name: "simulation",
  title:
    "bare cores and whole peers under virtual time: virtual seconds per real second, events in them",
  async run() {
    const bare = elections();
    const bareCrowded = bareCrowd();
    const calm = await measured(5, CALM, false);
    const chaos = await measured(5, CHAOS, true);
    const crowd = await measured(100, CROWD, false);
    return {
      rows: [
        ...bare,
        ...bareCrowded.rows,
        ...rowsOf("5 whole peers, heartbeats", calm, ">= 200"),
        ...rowsOf("5 peers, a crash every 3 s", chaos, ">= 200"),
        ...rowsOf("100 whole peers, heartbeats", crowd, "> 1"),
        await tells(),
        primitives(),
      ],
      notes: [
        bareCrowded.note,
        `resident memory now: ${Math.round(process.memoryUsage().rss / 2 ** 20)} MiB`,
      ],
    };
  },
};

interface Measured {
  /** Virtual milliseconds per real one, round by round. */
  readonly speeds: readonly number[];
  /** Events per real second. */
  readonly events: readonly number[];
}

async function measured(peers: number, seconds: number, crashes: boolean): Promise<Measured> {
  const speeds: number[] = [];
  const events: number[] = [];
  await using cluster = await createCluster({ runtime: "simulation", seed: 1, peers });
  const { world } = cluster;
  await cluster.tracker();
  for (let round = -1; round < ROUNDS; round++) {
    const [began, at, before] = [performance.now(), world.now, world.counts.events];
    for (let second = 0; second < seconds; second++) {
      if (crashes && second % 3 === 0) await cluster.crash("tracker");
      await world.advance(1_000);
      if (crashes) await cluster.tracker();
    }
    const took = performance.now() - began;
    if (round < 0) continue;
    speeds.push((world.now - at) / took);
    events.push((world.counts.events - before) / took * 1_000);
  }
  return { speeds, events };
}

function rowsOf(name: string, { speeds, events }: Measured, aim: string): Row[] {
  const value = median(speeds);
  return [
    {
      name,
      value,
      unit: "",
      reference: { name: "real time", value: 1 },
      ratios: speeds,
      samples: speeds,
      aim,
    },
    { name: "  its events", value: median(events), unit: "/s", samples: events },
  ];
}

/** Messages from outside to a simulated thread whose handlers give no promise. */
async function tells(): Promise<Row> {
  const COUNT = 50_000;
  const samples: number[] = [];
  await using system = await createSystem({ runtime: "simulation", seed: 1 });
  const counter = actor(() => ({ add: (_n: number) => {} }));
  const ref = await system.spawn(counter, undefined, { placement: "thread" });
  for (let round = -1; round < ROUNDS; round++) {
    const began = performance.now();
    for (let i = 0; i < COUNT; i++) {
      ref.tell.add(i);
      if (i % 10 === 9) await system.world.advance(1);
    }
    if (round >= 0) samples.push(COUNT / (performance.now() - began) * 1_000);
  }
  return { name: "tells, ten in a turn", value: median(samples), unit: "/s", samples };
}

/** What a bare core costs at the least: one message over a link and through the heap. */
function primitives(): Row {
  const COUNT = 1_000_000;
  const samples: number[] = [];
  for (let round = -1; round < ROUNDS; round++) {
    const heap = new EventHeap<number>();
    const link = new Link<number>(
      `${round}`,
      cleanRules(uniform(0.1, 2)),
      (at, message) => heap.push(at, message),
    );
    for (let i = 0; i < 1_000; i++) link.send(0, i);
    const began = performance.now();
    for (let i = 0; i < COUNT; i++) link.send(heap.at, heap.pop() as number);
    if (round >= 0) samples.push(COUNT / (performance.now() - began) * 1_000);
  }
  return {
    name: "a link and the heap alone",
    value: median(samples),
    unit: "/s",
    samples,
    aim: ">= 1.5 M",
  };
}
