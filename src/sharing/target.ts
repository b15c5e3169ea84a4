import type { Disk } from "../actor/mod.ts";
import { DiskError } from "../actor/mod.ts";
import type { HashingPorts } from "./build_manifest.ts";
import { chunkCount, chunkLength } from "./chunk_size.ts";
import { ExistsError } from "./errors.ts";
import type { Manifest } from "./manifest.ts";
import { isChunk } from "./manifest.ts";
import { BYTES_PER_TURN, pause } from "./pause.ts";
import { foldersOf, joinName, numberedName } from "./safe_name.ts";

/** Names that are tried: `name`, `name (2)`, ... */
const MAX_COPIES = 1_000;

/** Where a download can be saved. */
export interface Target {
  /** Relative name: the one that was asked for, or `name (2)` and so on where that is taken. */
  readonly name: string;
  /** Absolute. */
  readonly path: string;
  /** Whether the file is there already, with the same content. */
  readonly there: boolean;
}

/**
 * Finds a place for `name` in the download folder: the first of `name`, `name (2)`... that is free, or has the same
 * content already. Nothing is made.
 *
 * @param finished takes the inodes of the files that were found in the way
 * @throws ExistsError if no place can be had
 */
export async function findTarget(
  ports: HashingPorts,
  root: string,
  name: string,
  manifest: Manifest,
  finished: Set<string>,
  signal: AbortSignal,
): Promise<Target> {
  await checkFolders(ports.disk, root, name);
  for (let n = 1; n <= MAX_COPIES; n++) {
    const candidate = numberedName(name, n);
    const path = joinName(root, candidate);
    const there = await ports.disk.stat(path);
    if (there === undefined) return { name: candidate, path, there: false };
    if (there.kind !== "file") continue;
    finished.add(there.inode);
    if (there.size !== manifest.size || !await hasContent(ports, path, manifest, signal)) continue;
    return { name: candidate, path, there: true };
  }
  throw new ExistsError(name, `${MAX_COPIES} files have its name and its numbered ones`);
}

/** Makes the folders above `name`, so that they survive a crash. */
export async function makeFolders(disk: Disk, root: string, name: string): Promise<void> {
  await checkFolders(disk, root, name);
  let above = root;
  for (const folder of foldersOf(name)) {
    const path = joinName(root, folder);
    if (await disk.stat(path) === undefined) {
      await disk.makeDirectory(path);
      await disk.syncDirectory(above);
    }
    above = path;
  }
}

/** The folder that `name` lies in. */
export function folderOf(root: string, name: string): string {
  const folder = foldersOf(name).at(-1);
  return folder === undefined ? root : joinName(root, folder);
}

/** A link among them could lead anywhere. */
async function checkFolders(disk: Disk, root: string, name: string): Promise<void> {
  for (const folder of foldersOf(name)) {
    const there = await disk.stat(joinName(root, folder));
    if (there === undefined) return;
    if (there.kind !== "directory") {
      throw new ExistsError(name, `"${folder}" is there and no folder, but a ${there.kind}`);
    }
  }
}

async function hasContent(
  ports: HashingPorts,
  path: string,
  manifest: Manifest,
  signal: AbortSignal,
): Promise<boolean> {
  const { size, chunkSize } = manifest;
  const buffer = new Uint8Array(Math.min(size, chunkSize));
  let sinceTurn = 0;
  try {
    await using file = await ports.disk.open(path, "read");
    for (let index = 0; index < chunkCount(size, chunkSize); index++) {
      signal.throwIfAborted();
      const bytes = buffer.subarray(0, chunkLength(size, chunkSize, index));
      if (await file.read(bytes, index * chunkSize) < bytes.length) return false;
      if (!isChunk(ports.hashing, manifest, index, bytes)) return false;
      sinceTurn += bytes.length;
      if (sinceTurn >= BYTES_PER_TURN) {
        sinceTurn = 0;
        await pause(ports.clock);
      }
    }
    return (await file.stat()).size === size;
  } catch (error) {
    // What cannot be read is not known to be the same, and is left alone.
    if (error instanceof DiskError) return false;
    throw error;
  }
}
