import { open, rm } from "node:fs/promises";
import { setTimeout } from "node:timers/promises";
import { MIB } from "./world.ts";

const BLOCK = 4 * MIB;
/** Milliseconds: a virtual machine gives what is free back to its host within two seconds of somebody freeing memory. */
const SETTLED = 2_200;

/**
 * Leaves `bytes` of free memory that this machine really has. In a virtual one the first touch of memory that its host
 * took back costs more than copying a file into it (1.4 s for 1 GiB, where the rest of the plain loop takes 0.9 s), and
 * whether a measure meets such memory is chance. So a file is held in the page cache until the host has taken what it
 * takes, and removed just before the measure. In large blocks: of small ones no large ones can be made again.
 */
export async function warmMemory(path: string, bytes: number): Promise<void> {
  const file = await open(path, "w");
  try {
    const block = new Uint8Array(BLOCK).fill(1);
    for (let done = 0; done < bytes; done += BLOCK) await file.write(block);
    await setTimeout(SETTLED);
  } finally {
    await file.close();
    await rm(path);
  }
}
