import type { Clock, DirectoryEntry, Disk } from "../actor/mod.ts";
import { DiskError } from "../actor/mod.ts";
import type { FileVersion } from "./build_manifest.ts";
import { MissingFolderError } from "./errors.ts";
import { escapeName } from "./escape_name.ts";
import { MAX_FILES_PER_PEER, PRIVATE_FOLDER } from "./limits.ts";
import { NAMES_PER_TURN, pause } from "./pause.ts";
import { joinName, whyUnsafe } from "./safe_name.ts";

/** Something in a shared folder that is not shared. */
export interface RefusedEntry {
  /** Relative name as it may be printed, see `escapeName`. */
  readonly name: string;
  readonly why: string;
}

/** What a folder has to share. */
export interface Scan {
  /** The folder, absolute and without links. */
  readonly root: string;
  /** Sorted by name in code-unit order. */
  readonly files: readonly FileVersion[];
  readonly refused: readonly RefusedEntry[];
}

/** Options of {@linkcode scanFolder}. */
export interface ScanOptions {
  readonly signal?: AbortSignal | undefined;
  /** Files that are taken at most; 100,000 unless told. The others are named in one refusal. */
  readonly maxFiles?: number | undefined;
}

interface Walk {
  readonly disk: Disk;
  readonly clock: Clock;
  readonly root: string;
  readonly maxFiles: number;
  readonly signal: AbortSignal | undefined;
  readonly files: FileVersion[];
  readonly refused: RefusedEntry[];
  looked: number;
  left: number;
}

/**
 * Walks `folder` with its subfolders. Links are not followed; special files, hostile names and what cannot be
 * read are refused, each once, and the scan goes on. Our own `.troupe` folders are passed over.
 *
 * @throws MissingFolderError if `folder` is not there, is no folder, or cannot be read
 *
 * @example
 * ```ts
 * const { files, refused } = await scanFolder(ctx, "/home/ada/shared");
 * ```
 */
export async function scanFolder(
  ports: { readonly disk: Disk; readonly clock: Clock },
  folder: string,
  options: ScanOptions = {},
): Promise<Scan> {
  const { disk, clock } = ports;
  const { signal, maxFiles = MAX_FILES_PER_PEER } = options;
  const { root, entries } = await openRoot(disk, folder);
  const walk: Walk = {
    disk,
    clock,
    root,
    maxFiles,
    signal,
    files: [],
    refused: [],
    looked: 0,
    left: 0,
  };
  await visit(walk, "", entries);
  if (walk.left > 0) {
    walk.refused.push({
      name: escapeName(`${walk.left} more`),
      why: `${maxFiles} files are the limit`,
    });
  }
  walk.files.sort((a, b) => a.name < b.name ? -1 : 1);
  return { root, files: walk.files, refused: walk.refused };
}

async function openRoot(
  disk: Disk,
  folder: string,
): Promise<{ root: string; entries: DirectoryEntry[] }> {
  try {
    const root = await disk.realPath(folder);
    return { root, entries: await disk.list(root) };
  } catch (error) {
    if (!(error instanceof DiskError)) throw error;
    throw new MissingFolderError(folder, whyUnreadable(error), { cause: error });
  }
}

async function visit(
  walk: Walk,
  folder: string,
  entries: readonly DirectoryEntry[],
): Promise<void> {
  for (const entry of entries) {
    if (entry.name === PRIVATE_FOLDER) continue;
    if (++walk.looked % NAMES_PER_TURN === 0) await pause(walk.clock);
    walk.signal?.throwIfAborted();
    const name = folder === "" ? entry.name : `${folder}/${entry.name}`;
    const why = await look(walk, name, entry);
    if (why !== undefined) walk.refused.push({ name: escapeName(name), why });
  }
}

/** Takes one entry; gives why not. */
async function look(walk: Walk, name: string, entry: DirectoryEntry): Promise<string | undefined> {
  // A name of one part must not bring a separator along.
  const unsafe = entry.name.includes("/") ? "a part has a slash" : whyUnsafe(name);
  if (unsafe !== undefined) return unsafe;
  try {
    if (entry.kind === "directory") return await lookInto(walk, name);
    if (entry.kind === "file") return await take(walk, name);
    return entry.kind === "symlink" ? "it is a link" : "it is no regular file";
  } catch (error) {
    if (error instanceof DiskError) return whyUnreadable(error);
    throw error;
  }
}

async function lookInto(walk: Walk, name: string): Promise<string | undefined> {
  const path = joinName(walk.root, name);
  // A folder may have become a link since it was listed.
  if (await walk.disk.realPath(path) !== path) return "it leads out of the shared folder";
  await visit(walk, name, await walk.disk.list(path));
  return undefined;
}

async function take(walk: Walk, name: string): Promise<string | undefined> {
  if (walk.files.length >= walk.maxFiles) {
    walk.left++;
    return undefined;
  }
  const path = joinName(walk.root, name);
  // Opened, so that a file which cannot be read is known now and not when somebody asks for it.
  await using file = await walk.disk.open(path, "read");
  const { kind, size, mtime, inode } = await file.stat();
  if (kind !== "file") return "it is no regular file";
  walk.files.push({ name, path, size, mtime, inode });
  return undefined;
}

function whyUnreadable(error: DiskError): string {
  switch (error.code) {
    case "ENOENT":
      return "it is not there, or its name is not UTF-8";
    case "EACCES":
    case "EPERM":
      return "permission denied";
    case "ENOTDIR":
      return "it is no folder";
    case "ELOOP":
      return "it is a link";
    default:
      return error.message;
  }
}
