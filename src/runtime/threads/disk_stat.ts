import type { BigIntStats, Dirent } from "node:fs";
import type { EntryKind, FileStat } from "../../actor/mod.ts";

/** What the system says of a file, as a disk tells it. */
export function toStat(stats: BigIntStats): FileStat {
  return {
    kind: kindOf(stats),
    size: Number(stats.size),
    // Deno's clock of files has whole milliseconds.
    mtime: Number(stats.mtimeNs) / 1e6,
    inode: String(stats.ino),
  };
}

/** What kind of entry it is. */
export function kindOf(entry: BigIntStats | Dirent): EntryKind {
  if (entry.isSymbolicLink()) return "symlink";
  if (entry.isFile()) return "file";
  return entry.isDirectory() ? "directory" : "other";
}
