import process from "node:process";
import { ElectionWorld } from "../../src/lab/elections/mod.ts";
import { uniform } from "../../src/runtime/simulation/mod.ts";
import type { Row } from "../section.ts";

const PEERS = 10_000;
/** Virtual milliseconds that they may take. */
const PATIENCE = 60_000;
/** Looking at all of them takes longer than an event. */
const LOOK_EVERY = 5_000;

/** Ten thousand bare cores start, and elect once. */
export function crowd(): { readonly rows: Row[]; readonly note: string } {
  const began = performance.now();
  const world = new ElectionWorld({
    peers: PEERS,
    seed: 1,
    latency: uniform(0.1, 0.4),
    disk: uniform(0.1, 2),
  });
  world.startAll();
  let looks = 0;
  const agreed = world.runUntil(
    () => looks++ % LOOK_EVERY === 0 && world.agreed(world.voters) !== undefined,
    PATIENCE,
  );
  if (!agreed || world.violations.length > 0) {
    throw new Error(
      `${PEERS} peers agreed on no tracker, or broke ${world.violations.length} invariants`,
    );
  }
  const took = performance.now() - began;
  const mib = Math.round(process.memoryUsage().rss / 2 ** 20);
  return {
    rows: [
      { name: `${PEERS} bare cores elect once`, value: took, unit: "ms" },
      { name: "  its events", value: world.events / took * 1_000, unit: "/s" },
    ],
    note:
      `${PEERS} cores: all follow after ${world.now.toFixed(1)} virtual ms, ${
        world.seen.get("win")
      } win, ` +
      `${world.events} events; resident memory then: ${mib} MiB`,
  };
}
