import { DiskError } from "../actor/mod.ts";
import type { FileVersion, HashingPorts } from "./build_manifest.ts";
import { DownloadDiskError } from "./errors.ts";
import { PRIVATE_FOLDER } from "./limits.ts";
import type { Manifest } from "./manifest.ts";
import type { Target } from "./target.ts";
import { findTarget, folderOf, makeFolders } from "./target.ts";

/** A small file that was verified. */
export interface SmallFile {
  readonly name: string;
  readonly manifest: Manifest;
  readonly bytes: Uint8Array;
}

/** Where a small file is now. */
export interface SavedFile {
  readonly file: FileVersion;
  readonly manifest: Manifest;
  /** It was there already with the same content. */
  readonly already: boolean;
}

/** Files that are written and synced at once: enough to keep a disk busy, few to keep open. */
const AT_ONCE = 32;

interface Written {
  readonly small: SmallFile;
  readonly target: Target;
  readonly path: string;
}

/**
 * Saves many small files at once. Each is written under another name, synced, and only then given its own, as a large
 * one is; but many syncs run together, and the names of a folder are synced once. A crash leaves whole files, and
 * unfinished ones that the next attempt replaces.
 *
 * @param root the download folder, absolute and without links
 * @param turn tells this call from others that run at the same time
 * @throws DownloadDiskError; files that have their names by then stay
 */
export async function saveSmall(
  ports: HashingPorts,
  root: string,
  files: readonly SmallFile[],
  signal: AbortSignal,
  turn: number = 0,
): Promise<SavedFile[]> {
  const { disk } = ports;
  const saved: SavedFile[] = [];
  /** In the order of `files`: of two with one name the first gets it. */
  const written: (Written | undefined)[] = files.map(() => undefined);
  const made = new Set<string>();
  const queue = files.entries();
  const lane = async (): Promise<void> => {
    for (const [n, small] of queue) {
      const target = await findTarget(ports, root, small.name, small.manifest, new Set(), signal);
      if (target.there) saved.push(await described(ports, small, target, true));
      else written[n] = await write(ports, pathOf(root, turn, n), small, target);
    }
  };
  try {
    await disk.makeDirectory(`${root}/${PRIVATE_FOLDER}`);
    await allSettled(Array.from({ length: AT_ONCE }, lane));
    for (const each of written) {
      if (each === undefined) continue;
      const folder = folderOf(root, each.target.name);
      if (!made.has(folder)) await makeFolders(disk, root, each.target.name);
      made.add(folder);
      saved.push(await named(ports, root, each, signal));
    }
    await allSettled([...made].map((folder) => disk.syncDirectory(folder)));
    return saved;
  } catch (error) {
    if (!(error instanceof DiskError)) throw error;
    const [first] = files;
    throw new DownloadDiskError(first?.name ?? "", error.code, error.message, { cause: error });
  }
}

function pathOf(root: string, turn: number, n: number): string {
  return `${root}/${PRIVATE_FOLDER}/${turn}-${n}.small`;
}

/** As `Promise.all`, but nothing is under way any more when it rejects. */
async function allSettled(work: readonly Promise<void>[]): Promise<void> {
  await Promise.allSettled(work);
  await Promise.all(work);
}

/** Writes the file to `path`; on the disk when it settles. */
async function write(
  { disk }: HashingPorts,
  path: string,
  small: SmallFile,
  target: Target,
): Promise<Written> {
  await using open = await disk.open(path, "create").catch(async (error: unknown) => {
    // A crash left it.
    if (!(error instanceof DiskError) || error.code !== "EEXIST") throw error;
    await disk.remove(path);
    return await disk.open(path, "create");
  });
  await open.write(small.bytes, 0);
  await open.sync();
  return { small, target, path };
}

/** Gives the file its name; another one where that was taken meanwhile, as by an equal name in the same batch. */
async function named(
  ports: HashingPorts,
  root: string,
  { small, target, path }: Written,
  signal: AbortSignal,
): Promise<SavedFile> {
  const { disk } = ports;
  try {
    await disk.renameNew(path, target.path);
    return await described(ports, small, target, false);
  } catch (error) {
    if (!(error instanceof DiskError) || error.code !== "EEXIST") throw error;
  }
  const other = await findTarget(ports, root, small.name, small.manifest, new Set(), signal);
  if (other.there) await disk.remove(path);
  else await disk.renameNew(path, other.path);
  return await described(ports, small, other, other.there);
}

async function described(
  { disk }: HashingPorts,
  { manifest }: SmallFile,
  { name, path }: Target,
  already: boolean,
): Promise<SavedFile> {
  const stat = await disk.stat(path);
  if (stat === undefined) throw new DiskError("ENOENT", "stat", path);
  const { size, mtime, inode } = stat;
  return { file: { name, path, size, mtime, inode }, manifest, already };
}
