import { createHash } from "node:crypto";
import { keyedRandom } from "../../src/actor/mod.ts";
import type { SimulatedClusterOptions } from "../../src/mod.ts";
import { createCluster } from "../../src/mod.ts";

/** What a run left behind. */
export interface Run {
  /** SHA-256 of the trace, in hexadecimal digits. */
  readonly hash: string;
  readonly lines: readonly string[];
  /** How the downloads ended. */
  readonly downloads: readonly string[];
}

/** Bytes that a seed determines. */
export function someBytes(length: number, seed: number): Uint8Array {
  const random = keyedRandom(seed);
  return Uint8Array.from({ length }, () => random.below(256));
}

/** Five peers with downloads, through crashes, a partition, lost messages, a pause, a slow disk and a new name server. */
export async function stormyRun(
  seed: number,
  options: Partial<SimulatedClusterOptions> = {},
): Promise<Run> {
  const lines: string[] = [];
  const files = {
    "peer-1": { "one.bin": someBytes(900_000, 1), "common.txt": someBytes(300, 2) },
    "peer-3": { "three.bin": someBytes(400_000, 3), "common.txt": someBytes(300, 4) },
  };
  const downloads: string[] = [];
  {
    await using cluster = await createCluster({
      runtime: "simulation",
      seed,
      peers: 5,
      files,
      onTrace: (line) => lines.push(line),
      ...options,
    });
    const { world } = cluster;
    const fetch = (peer: number, file: string): void => {
      void cluster.peer(peer).download(file).then(
        ({ size }) => downloads.push(`${peer} ${file} ${size}`),
        (error: { readonly code?: string }) => downloads.push(`${peer} ${file} ${error.code}`),
      );
    };
    const first = await cluster.tracker();
    await world.advance(1_000);
    for (const peer of [2, 4, 5]) fetch(peer, "one.bin");
    await world.advance(5);
    await cluster.crash("tracker");
    await cluster.tracker({ above: first.epoch });
    await world.advance(1_500);
    const { faults, peers } = cluster;
    faults.link(peers, peers, { loss: 0.05, duplication: 0.05, reordering: 0.05 });
    fetch(2, "three.bin");
    await world.advance(500);
    faults.partition([[1, 2], [3, 4, 5]]);
    await world.advance(1_000);
    await faults.undoAll();
    await cluster.tracker();
    cluster.disk(4).change({ slow: 20 });
    fetch(4, "three.bin");
    const paused = faults.pause(5);
    await world.advance(700);
    await paused.undo();
    cluster.disk(4).change({ slow: 1 });
    for (const peer of [1, 3]) await cluster.crash(peer);
    await cluster.crashRegistry();
    await cluster.crash(2, "throw");
    faults.clock(4, { rate: 1.01 });
    await world.advance(3_000);
    await cluster.tracker();
    await cluster.restart(3);
    await world.advance(1_000);
    fetch(5, "three.bin");
    await world.advance(2_000);
  }
  const hash = createHash("sha256");
  for (const line of lines) hash.update(`${line}\n`);
  return { hash: hash.digest("hex"), lines, downloads };
}
