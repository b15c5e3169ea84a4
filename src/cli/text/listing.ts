import type { FoundFile, SharedFile } from "../../cluster/api.ts";
import { formatBytes } from "./bytes.ts";
import { printable } from "./printable.ts";
import { formatTable } from "./table.ts";

/** Digits of a file id that are shown: enough to tell files apart, and to name one. */
const ID_DIGITS = 8;

/** The first digits of a file id. */
export function shortId(fileId: string): string {
  return fileId.slice(0, ID_DIGITS);
}

/** Files of one peer as a table. */
export function listShared(files: readonly SharedFile[]): string {
  return formatTable(
    ["name", { title: "size", align: "right" }, "file id"],
    byName(files).map(({ name, size, fileId }) => [
      printable(name),
      formatBytes(size),
      shortId(fileId),
    ]),
  );
}

/** Files of the network as a table; the same name twice is two contents. */
export function listNetwork(files: readonly FoundFile[]): string {
  return formatTable(
    ["name", { title: "size", align: "right" }, "file id", "holders"],
    byName(files).map(({ name, size, fileId, holders }) => [
      printable(name),
      formatBytes(size),
      shortId(fileId),
      holders.join(", "),
    ]),
  );
}

/** `1 file`, `2 files`. */
export function count(number: number, word: string): string {
  return `${number} ${word}${number === 1 ? "" : "s"}`;
}

function byName<F extends SharedFile>(files: readonly F[]): F[] {
  return [...files].sort((a, b) => compare(a.name, b.name) || compare(a.fileId, b.fileId));
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
