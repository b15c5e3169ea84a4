import type { Disk } from "../actor/mod.ts";
import { tornSlot } from "../election/mod.ts";
import { readRecord, statePath } from "./state_file.ts";

/** Leaves the last vote in the state `folder` of a peer that is down half written. Gives whether there was one. */
export async function tearState(disk: Disk, folder: string): Promise<boolean> {
  const record = await readRecord(disk, folder);
  const torn = record && tornSlot(record);
  if (torn === undefined) return false;
  await using file = await disk.open(statePath(folder), "write");
  await file.write(torn.bytes, torn.position);
  await file.sync();
  return true;
}

/** Takes away what is in the state `folder` of a peer that is down, and in the folders in it. */
export async function wipeState(disk: Disk, folder: string): Promise<void> {
  for (const { name, kind } of await disk.list(folder)) {
    const path = `${folder}/${name}`;
    if (kind === "directory") await wipeState(disk, path);
    else await disk.remove(path);
  }
  await disk.syncDirectory(folder);
}
