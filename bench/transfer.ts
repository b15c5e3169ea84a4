import { execFile } from "node:child_process";
import { randomFillSync } from "node:crypto";
import { mkdir, open, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import process from "node:process";
import { setTimeout } from "node:timers/promises";
import { promisify } from "node:util";
import type { Cluster } from "../src/cluster/mod.ts";
import { createCluster } from "../src/cluster/mod.ts";
import type { Measure } from "./rounds.ts";
import { compare, rounds } from "./rounds.ts";
import { plainLoop } from "./transfer/plain_loop.ts";
import type { Row, Section } from "./section.ts";
import { tempFolder } from "./temp_folder.ts";

const MIB = 2 ** 20;
const ROUNDS = 3;
const HOLDER = "peer-1";
const NAME = "big.bin";
/** Milliseconds that the holder may take to hash the file and announce it. */
const ANNOUNCE_LIMIT = 60_000;

const run = promisify(execFile);

/** One holder to one downloader, every chunk verified, to disk, against the tools that copy and hash a file. */
export const transfer: Section = {
  name: "transfer",
  title: "a file from peer to peer, verified, to disk",
  async run() {
    const size = sizeFromEnvironment() * MIB;
    await using folder = await tempFolder();
    const shared = join(folder.path, "shared");
    const file = join(shared, HOLDER, NAME);
    await writeFile(file, size);
    // Each round has a downloader of its own: a peer does not fetch what it has.
    await using cluster = await createCluster({
      peers: 1 + ROUNDS,
      shared,
      folder: join(folder.path, "run"),
    });
    await announced(cluster);

    let downloader = 1;
    const copy = join(folder.path, "copy");
    const contestants: Record<string, Measure> = {
      peer: async () => {
        const peer = cluster.peer(++downloader);
        let path = "";
        const rate = await rateOf(size, async () => {
          ({ path } = await peer.download(NAME, { holder: HOLDER }));
        });
        await rm(path);
        return rate;
      },
      cp: () => copied(size, file, copy),
      "plain loop": async () => {
        const ms = await plainLoop(file, copy, size);
        await rm(copy);
        return size / ms * 1e3;
      },
    };
    for (const [name, [tool, ...args]] of Object.entries(HASHES)) {
      if (tool === undefined || !await works(tool)) continue;
      contestants[name] = () => copied(size, file, copy, [tool, ...args, copy]);
    }
    const results = await rounds(ROUNDS, contestants, 0);

    const rows: Row[] = [];
    for (const name of Object.keys(results).filter((name) => name !== "peer")) {
      rows.push({
        name: rows.length === 0 ? `${size / MIB} MiB` : "",
        unit: "B/s",
        ...compare(results, "peer", name, name),
        ...(name === "cp + openssl" && { aim: ">= 1" }),
      });
    }
    return {
      rows,
      notes: [
        "The file is in the page cache. The peer also syncs the file to the disk; `cp` does not.",
      ],
    };
  },
};

const HASHES: Readonly<Record<string, readonly string[]>> = {
  "cp + sha256sum": ["sha256sum"],
  "cp + openssl": ["openssl", "dgst", "-sha256"],
};

function sizeFromEnvironment(): number {
  const text = process.env["BENCH_MIB"] ?? "1024";
  const size = Number(text);
  if (!Number.isInteger(size) || size < 1) {
    throw new RangeError(`BENCH_MIB must be a whole number from 1, got ${text}`);
  }
  return size;
}

/** Writes `size` bytes, no chunk of them like another. */
async function writeFile(path: string, size: number): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await using file = await open(path, "w");
  const block = randomFillSync(new Uint32Array(MIB / 4));
  for (let done = 0; done < size; done += MIB) {
    block[0] = done / MIB;
    await file.write(new Uint8Array(block.buffer));
  }
}

async function announced(cluster: Cluster): Promise<void> {
  await cluster.tracker();
  const limit = performance.now() + ANNOUNCE_LIMIT;
  while (performance.now() < limit) {
    const found = await cluster.peer(2).search(NAME).catch(() => []);
    if (found.length > 0) return;
    await setTimeout(20);
  }
  throw new Error(`${HOLDER} did not announce ${NAME} within ${ANNOUNCE_LIMIT} ms`);
}

/** `cp`, then `hash` if there is one. */
async function copied(
  size: number,
  from: string,
  to: string,
  hash: readonly string[] = [],
): Promise<number> {
  const [tool, ...args] = hash;
  const rate = await rateOf(size, async () => {
    await run("cp", [from, to]);
    if (tool !== undefined) await run(tool, args);
  });
  await rm(to);
  return rate;
}

async function rateOf(size: number, work: () => Promise<void>): Promise<number> {
  const begun = performance.now();
  await work();
  return size / (performance.now() - begun) * 1e3;
}

async function works(tool: string): Promise<boolean> {
  return await run(tool, [tool === "openssl" ? "version" : "--version"]).then(
    () => true,
    () => false,
  );
}
