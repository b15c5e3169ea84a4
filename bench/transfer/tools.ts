import { execFile } from "node:child_process";
import { rm } from "node:fs/promises";
import { promisify } from "node:util";
import { MIB } from "./world.ts";

const run = promisify(execFile);

const HASHES: readonly Command[] = [["openssl", "dgst", "-sha256"], ["sha256sum"]];

type Command = readonly [tool: string, ...args: string[]];

/** The command that hashes fastest of those that are here. */
export async function hashTool(): Promise<Command | undefined> {
  for (const hash of HASHES) if (await works(hash[0])) return hash;
  return undefined;
}

async function works(tool: string): Promise<boolean> {
  return await run(tool, [tool === "openssl" ? "version" : "--version"]).then(
    () => true,
    () => false,
  );
}

/** `cp`, then each of `commands` on the copy. Bytes a second. */
export async function copied(
  size: number,
  from: string,
  to: string,
  commands: readonly Command[] = [],
): Promise<number> {
  const rate = await rateOf(size, async () => {
    await run("cp", [from, to]);
    for (const [tool, ...args] of commands) await run(tool, [...args, to]);
  });
  await rm(to);
  return rate;
}

/** What lies at `path` is on the disk when it settles. */
export async function synced(path: string): Promise<void> {
  await run("sync", [path]);
}

/** `size` a second. @param before milliseconds that were spent already */
export async function rateOf(
  size: number,
  work: () => Promise<void>,
  before: number = 0,
): Promise<number> {
  const begun = performance.now();
  await work();
  return size / (before + performance.now() - begun) * 1e3;
}

/** What `work` cost this process, all its threads together. */
export interface Cost {
  /** Seconds of processors. */
  readonly cpu: number;
  /** Bytes of memory above those at its beginning, at most. */
  readonly memory: number;
}

/** Milliseconds between two looks at the memory. */
const LOOK = 20;

export async function costOf(work: () => Promise<void>): Promise<Cost> {
  const idle = process.memoryUsage.rss();
  let peak = idle;
  const timer = setInterval(() => (peak = Math.max(peak, process.memoryUsage.rss())), LOOK);
  const before = process.cpuUsage();
  try {
    await work();
  } finally {
    clearInterval(timer);
  }
  const { user, system } = process.cpuUsage(before);
  return { cpu: (user + system) / 1e6, memory: peak - idle };
}

/** `cpu` of {@linkcode Cost}, per GiB. */
export function perGiB(cpu: number, size: number): number {
  return cpu / (size / (1_024 * MIB));
}
