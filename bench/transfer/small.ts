import { execFile } from "node:child_process";
import { mkdir, rename } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { createCluster } from "../../src/cluster/mod.ts";
import { compare, rounds } from "../rounds.ts";
import type { Row } from "../section.ts";
import { median } from "../statistics.ts";
import { rateOf } from "./tools.ts";
import { announced, writeSmall } from "./world.ts";

const run = promisify(execFile);

const ROUNDS = 3;
const SIZE = 4_096;
const LATENCIES = 20;

/** Many small files in folders, and how long the first byte of one takes. */
export async function smallFiles(folder: string, count: number): Promise<Row[]> {
  const shared = join(folder, "shared");
  const mine = join(shared, "peer-1", "many");
  await writeSmall(mine, count, SIZE);
  await using cluster = await createCluster({
    peers: 2,
    shared,
    folder: join(folder, "run"),
  });
  await announced(cluster, `many/${Math.floor((count - 1) / 100)}/${count - 1}.bin`, 1);
  const peer = cluster.peer(2);
  const copy = join(folder, "copy");
  const fetched = join(cluster.folders(2).downloads, "many");
  const aside = join(folder, "aside");
  await mkdir(aside);
  let measures = 0;
  // Not removed: a file system that was told to forget ten thousand files looks at each of them for seconds whenever it
  // makes another one (ext4, which gives no inode away again at once).
  const setAside = (path: string): Promise<void> => rename(path, join(aside, String(measures++)));
  const results = await rounds(ROUNDS, {
    peer: async () => {
      const rate = await rateOf(count, async () => {
        const { files, failed } = await peer.downloadFolder("many");
        if (files !== count) throw new Error(`${files} files came: ${failed[0]?.why}`);
      });
      await setAside(fetched);
      await peer.refresh();
      return rate;
    },
    "cp -r, sync": async () => {
      const rate = await rateOf(count, async () => {
        await run("cp", ["-r", mine, copy]);
        await run("sync", ["-f", copy]);
      });
      await setAside(copy);
      return rate;
    },
  }, 0);
  const first: number[] = [];
  for (let i = 0; i < LATENCIES; i++) {
    const begun = performance.now();
    await peer.download(`many/0/${i}.bin`);
    first.push(performance.now() - begun);
  }
  return [{
    name: `${count} files of 4 KiB`,
    unit: "/s",
    ...compare(results, "peer", "cp -r, sync", "cp -r, sync"),
    aim: ">= 2 k/s",
  }, {
    name: "one file of 4 KiB, asked for to saved",
    unit: "ms",
    value: median(first),
    samples: first,
  }];
}
