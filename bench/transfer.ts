import { join } from "node:path";
import process from "node:process";
import type { Section } from "./section.ts";
import { tempFolder } from "./temp_folder.ts";
import { bigFile } from "./transfer/big.ts";
import { smallFiles } from "./transfer/small.ts";
import { catalogueRows } from "./transfer/catalogue.ts";
import { MIB } from "./transfer/world.ts";

/** Small files at the full size of 1 GiB; fewer with a smaller one. */
const SMALL_FILES = 10_000;

/** Files from peer to peer, every chunk verified, to disk, against the tools that copy and hash. */
export const transfer: Section = {
  name: "transfer",
  title: "files from peer to peer, verified, to disk (--size MIB for less than 1024)",
  async run() {
    const mib = sizeFromEnvironment();
    await using folder = await tempFolder();
    const count = Math.min(SMALL_FILES, Math.max(100, Math.round(SMALL_FILES * mib / 1_024)));
    return {
      rows: [
        ...await bigFile(join(folder.path, "big"), mib * MIB),
        ...await smallFiles(join(folder.path, "small"), count),
        ...catalogueRows(),
      ],
      notes: [
        "The files are in the page cache. A peer also syncs what it saves to the disk; `cp` and the loop do not.",
        "Plain loop: two workers that read, transfer, hash and write 1 MiB at a time, and nothing else.",
      ],
    };
  },
};

function sizeFromEnvironment(): number {
  const text = process.env["BENCH_MIB"] ?? "1024";
  const size = Number(text);
  if (!Number.isInteger(size) || size < 1) {
    throw new RangeError(`--size must be a whole number from 1, got ${text}`);
  }
  return size;
}
