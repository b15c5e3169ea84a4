import { link, mkdir, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Cluster } from "../../src/cluster/mod.ts";
import { createCluster } from "../../src/cluster/mod.ts";
import type { Measure } from "../rounds.ts";
import { compare, rounds } from "../rounds.ts";
import type { Row } from "../section.ts";
import { median } from "../statistics.ts";
import { plainLoop } from "./plain_loop.ts";
import type { Cost } from "./tools.ts";
import { copied, costOf, hashTool, perGiB, rateOf, synced } from "./tools.ts";
import { warmMemory } from "./warm_memory.ts";
import { announced, MIB, writeBig } from "./world.ts";

const ROUNDS = 3;
const HOLDERS = 3;
const NAME = "big.bin";
const TOGETHER = "3 downloaders together";

/** One large file: from one holder, from three, to three at once; beside the tools that copy and hash, and a bare loop. */
export async function bigFile(folder: string, size: number): Promise<Row[]> {
  const shared = join(folder, "shared");
  const file = join(shared, "peer-1", NAME);
  await writeBig(file, size);
  for (let holder = 2; holder <= HOLDERS; holder++) {
    const path = join(shared, `peer-${holder}`, NAME);
    await mkdir(dirname(path), { recursive: true });
    await link(file, path);
  }
  await using cluster = await createCluster({
    peers: HOLDERS + 3,
    shared,
    folder: join(folder, "run"),
  });
  await announced(cluster, NAME, HOLDERS);

  const copy = join(folder, "copy");
  const costs: Record<"peer" | "loop", Cost[]> = { peer: [], loop: [] };
  const one = { holder: "peer-1" };
  const contestants: Record<string, Measure> = {
    peer: () =>
      rateOf(size, async () => {
        costs.peer.push(await costOf(() => fetchBig(cluster, [4], one)));
      }),
    "3 holders": () => rateOf(size, () => fetchBig(cluster, [4], {})),
    [TOGETHER]: () => rateOf(3 * size, () => fetchBig(cluster, [4, 5, 6], one)),
    cp: () => copied(size, file, copy),
    "plain loop": async () => {
      let ms = NaN;
      costs.loop.push(await costOf(async () => void (ms = await plainLoop(file, copy, size))));
      await rm(copy);
      return size / ms * 1e3;
    },
    "plain loop + sync": async () => {
      const ms = await plainLoop(file, copy, size);
      const rate = await rateOf(size, () => synced(copy), ms);
      await rm(copy);
      return rate;
    },
  };
  const hash = await hashTool();
  if (hash !== undefined) {
    contestants[`cp + ${hash[0]}`] = () => copied(size, file, copy, [hash]);
    contestants[`cp, sync + ${hash[0]}`] = () => copied(size, file, copy, [["sync"], hash]);
  }
  // What was fetched is taken away after each measure, so that it can be fetched again.
  const clean = (name: string, measure: Measure): Measure => async () => {
    await warmMemory(join(folder, "held"), size + (name === TOGETHER ? 3 * size : size));
    const value = await measure();
    await forget(cluster, [4, 5, 6]);
    return value;
  };
  const cleaned = Object.fromEntries(
    Object.entries(contestants).map(([name, measure]) => [name, clean(name, measure)]),
  );
  const results = await rounds(ROUNDS, cleaned, 1);
  const against = (mine: string, other: string, aim?: string): Row => ({
    name: other === "plain loop" ? `${size / MIB} MiB, ${mine}` : "",
    unit: "B/s",
    ...compare(results, mine, other, other),
    ...(aim !== undefined && { aim }),
  });
  const rows = [against("peer", "plain loop", ">= 0.9")];
  rows.push(against("peer", "plain loop + sync"));
  if (hash !== undefined) {
    rows.push(against("peer", `cp + ${hash[0]}`, hash[0] === "openssl" ? ">= 1" : undefined));
    rows.push(against("peer", `cp, sync + ${hash[0]}`));
  }
  rows.push(against("peer", "cp"), against("3 holders", "plain loop"));
  rows.push(against(TOGETHER, "plain loop"));
  const cpu = (of: readonly Cost[]): number[] => of.slice(1).map((cost) => perGiB(cost.cpu, size));
  rows.push({
    name: "CPU seconds per GiB",
    unit: "",
    value: median(cpu(costs.peer)),
    reference: { name: "plain loop", value: median(cpu(costs.loop)) },
    ratios: cpu(costs.peer).map((value, i) => value / cpu(costs.loop)[i]!),
  }, {
    name: "memory above idle, both peers",
    unit: "B",
    value: Math.max(...costs.peer.map(({ memory }) => memory)),
    samples: costs.peer.map(({ memory }) => memory),
    aim: "<= 128 MiB",
  });
  return rows;
}

async function fetchBig(
  cluster: Cluster,
  peers: readonly number[],
  options: { readonly holder?: string },
): Promise<void> {
  await Promise.all(peers.map((peer) => cluster.peer(peer).download(NAME, options)));
}

async function forget(cluster: Cluster, peers: readonly number[]): Promise<void> {
  for (const peer of peers) {
    await rm(join(cluster.folders(peer).downloads, NAME), { force: true });
    await cluster.peer(peer).refresh();
  }
}
