import { execFile } from "node:child_process";
import { rm } from "node:fs/promises";
import { promisify } from "node:util";
import { MIB } from "./world.ts";

const run = promisify(execFile);

export const HASHES: Readonly<Record<string, readonly string[]>> = {
  "cp + sha256sum": ["sha256sum"],
  "cp + openssl": ["openssl", "dgst", "-sha256"],
};

/** `cp`, then `hash` if there is one. Bytes a second. */
export async function copied(
  size: number,
  from: string,
  to: string,
  hash: readonly string[] = [],
): Promise<number> {
  const [tool, ...args] = hash;
  const rate = await rateOf(size, async () => {
    await run("cp", [from, to]);
    if (tool !== undefined) await run(tool, [...args, to]);
  });
  await rm(to);
  return rate;
}

/** `size` a second. */
export async function rateOf(size: number, work: () => Promise<void>): Promise<number> {
  const begun = performance.now();
  await work();
  return size / (performance.now() - begun) * 1e3;
}

export async function works(tool: string): Promise<boolean> {
  return await run(tool, [tool === "openssl" ? "version" : "--version"]).then(
    () => true,
    () => false,
  );
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
