import process from "node:process";
import type { Section } from "./section.ts";
import { tempFolder } from "./temp_folder.ts";
import { bigFile } from "./transfer/big.ts";
import { smallFiles } from "./transfer/small.ts";
import { catalogueRows } from "./transfer/catalogue.ts";
import { MIB } from "./transfer/world.ts";

/** Small files at the full size of 1 GiB; fewer with a smaller one. */
const SMALL_FILES = 10_000;

/** A file from peer to peer, every chunk verified, to disk, against the tools that copy and hash. */
export const transfer: Section = {
  name: "transfer",
  title: "a large file from peer to peer, verified, to disk (--size MIB for less than 1024)",
  async run() {
    await using folder = await tempFolder();
    return {
      rows: await bigFile(folder.path, sizeFromEnvironment() * MIB),
      notes: [
        "What each does, with the files in the page cache:",
        "  peer: asks, reads, transfers, hashes, writes, syncs to the disk, renames",
        "  plain loop: two workers that read, transfer, hash and write 1 MiB at a time, and nothing else; no sync",
        "  cp + openssl: copies without a sync, then hashes the copy; `cp, sync + openssl` syncs it as a peer does",
      ],
    };
  },
};

/** Many small files in folders. */
export const smallFilesSection: Section = {
  name: "small-files",
  title: "many files of 4 KiB from peer to peer, verified, to disk",
  async run() {
    await using folder = await tempFolder();
    const share = sizeFromEnvironment() / 1_024;
    const count = Math.min(SMALL_FILES, Math.max(100, Math.round(SMALL_FILES * share)));
    return {
      rows: await smallFiles(folder.path, count),
      notes: [
        "A peer syncs each file before it gets its name; `cp` is followed by one sync of all.",
      ],
    };
  },
};

/** What the tracker knows. */
export const indexSection: Section = {
  name: "index",
  title: "the index of the tracker",
  run: () => Promise.resolve({ rows: catalogueRows() }),
};

function sizeFromEnvironment(): number {
  const text = process.env["BENCH_MIB"] ?? "1024";
  const size = Number(text);
  if (!Number.isInteger(size) || size < 1) {
    throw new RangeError(`--size must be a whole number from 1, got ${text}`);
  }
  return size;
}
