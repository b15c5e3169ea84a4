import { randomFillSync } from "node:crypto";
import { mkdir, open, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { setTimeout } from "node:timers/promises";
import type { Cluster } from "../../src/cluster/mod.ts";

export const MIB: number = 2 ** 20;

/** Milliseconds that files may take to be hashed and announced. */
const ANNOUNCE_LIMIT = 120_000;

/** Writes `size` bytes, no MiB of them like another. */
export async function writeBig(path: string, size: number): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await using file = await open(path, "w");
  const block = randomFillSync(new Uint32Array(MIB / 4));
  for (let done = 0; done < size; done += MIB) {
    block[0] = done / MIB;
    await file.write(new Uint8Array(block.buffer));
  }
}

/** Writes `count` files of `size` bytes, 100 to a folder, none like another. */
export async function writeSmall(folder: string, count: number, size: number): Promise<void> {
  const bytes = randomFillSync(new Uint32Array(size / 4));
  for (let i = 0; i < count; i++) {
    const path = join(folder, String(Math.floor(i / 100)), `${i}.bin`);
    if (i % 100 === 0) await mkdir(dirname(path), { recursive: true });
    bytes[0] = i;
    await writeFile(path, new Uint8Array(bytes.buffer));
  }
}

/** Waits until peer 1 sees `holders` holders of `name`. */
export async function announced(cluster: Cluster, name: string, holders: number): Promise<void> {
  await cluster.tracker();
  const limit = performance.now() + ANNOUNCE_LIMIT;
  while (performance.now() < limit) {
    const [found] = await cluster.peer(1).search(name).catch(() => []);
    if (found?.holders.length === holders) return;
    await setTimeout(20);
  }
  throw new Error(`${holders} holders of ${name} were not announced within ${ANNOUNCE_LIMIT} ms`);
}
