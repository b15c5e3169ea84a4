import type { FolderDownloaded } from "../../../cluster/api.ts";
import { Progress } from "../../progress.ts";
import { formatBytes } from "../../text/bytes.ts";
import { count } from "../../text/listing.ts";
import { printable } from "../../text/printable.ts";
import type { Session } from "../session.ts";

/** Whether a folder is meant: its name ends in a slash. */
export function isFolder(name: string): boolean {
  return name.length > 1 && name.endsWith("/");
}

/** Downloads all files below a folder, and tells what came. */
export async function getFolder(
  session: Session,
  name: string,
  holder: string | undefined,
  signal: AbortSignal,
): Promise<void> {
  const progress = new Progress(session.region, `get ${name}`);
  try {
    const done = await session.handle.downloadFolder(name.slice(0, -1), {
      signal,
      onProgress: (transfer) => progress.update(transfer),
      ...(holder !== undefined && { holder }),
    });
    progress.end();
    session.print(resultOf(done, session));
    for (const { name, why } of done.failed) {
      session.complain(`not downloaded: ${printable(name)}: ${printable(why)}`);
    }
  } finally {
    progress.end();
  }
}

function resultOf({ folder, files, already, bytes }: FolderDownloaded, { style }: Session): string {
  const before = already === 0 ? "" : `, ${count(already, "file")} there already`;
  return `${style.green("downloaded")} ${printable(folder)}/: ${count(files, "file")}, ${
    formatBytes(bytes)
  }${before}`;
}
