import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import type { Cluster } from "../src/cluster/mod.ts";
import { createCluster } from "../src/cluster/mod.ts";
import { PROFILES } from "../src/election/mod.ts";
import { floorOf } from "./election/floor.ts";
import { measurePlatform } from "./election/platform.ts";
import { LagProbe } from "./lag_probe.ts";
import type { Section } from "./section.ts";
import { mean, median, quantile } from "./statistics.ts";
import { tempFolder } from "./temp_folder.ts";

const PEERS = 5;
const KILLS = 20;

const { heartbeat, timeoutMin, timeoutMax } = PROFILES.default;

/** How long five peers are without a tracker when its thread is killed, against what heartbeats allow at best. */
export const tracker: Section = {
  name: "tracker",
  title:
    `kill of the tracker's thread to a tracker that all agree on, ${PEERS} peers, ${KILLS} kills`,
  async run() {
    await using folder = await tempFolder();
    await using cluster = await createCluster({ peers: PEERS, folder: join(folder.path, "run") });
    await cluster.tracker();
    const lag = new LagProbe();
    const times: number[] = [];
    while (times.length < KILLS) times.push(await kill(cluster));
    const lags = lag.stop();
    const platform = await measurePlatform();
    const floor = floorOf(PROFILES.default, PEERS - 1, platform);
    return {
      rows: [
        {
          name: "mean",
          unit: "ms",
          value: mean(times),
          reference: { name: "floor of the heartbeats", value: floor },
          ratios: [mean(times) / floor],
          samples: times,
        },
        { name: "median", unit: "ms", value: median(times) },
        { name: "longest", unit: "ms", value: Math.max(...times) },
        { name: "event loop late, median", unit: "ms", value: median(lags) },
        { name: "event loop late, 99 of 100", unit: "ms", value: quantile(lags, 0.99) },
        { name: "event loop late, longest", unit: "ms", value: Math.max(...lags) },
      ],
      notes: [
        `Floor: Tmin + (Tmax - Tmin) / (s + 1) - h / 2 + 4 L + W, with h ${heartbeat}, T ${timeoutMin} to ${timeoutMax}, s ${
          PEERS - 1
        } survivors, L ${platform.oneWay.toFixed(2)} ms, W ${platform.write.toFixed(2)} ms.`,
      ],
    };
  },
};

/** Gives the milliseconds until the others agree; then all are up again. */
async function kill(cluster: Cluster): Promise<number> {
  const { epoch } = await cluster.tracker();
  // Kills at all phases of the heartbeat.
  await setTimeout(timeoutMin + Math.random() * heartbeat);
  const begun = performance.now();
  const agreed = cluster.tracker({ above: epoch }).then(() => performance.now() - begun);
  const victim = await cluster.crash("tracker", "terminate", { hold: true });
  const time = await agreed;
  await cluster.restart(victim);
  return time;
}
