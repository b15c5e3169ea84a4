import type { ActorContext } from "../actor/mod.ts";
import { Refusal } from "../actor/mod.ts";
import { isSmall } from "../sharing/mod.ts";
import type { PeerArgs } from "./args.ts";
import { AmbiguousError, NotFoundError } from "./errors.ts";
import { fetchSmall } from "./fetch_small.ts";
import type { Holders } from "./holders.ts";
import type { DownloadRequest, FolderRequest, Found } from "./protocol.ts";
import type { Downloaded, FailedFile, FolderDownloaded, TransferStatus } from "./reports.ts";
import type { Shelf } from "./shelf.ts";

/** Milliseconds between two tellings of progress. */
const PROGRESS_MS = 100;

/** What a folder's download needs of the peer around it. */
export interface FolderPorts {
  readonly ctx: ActorContext;
  readonly args: PeerArgs;
  readonly holders: Holders;
  readonly shelf: Shelf;
  readonly one: (request: DownloadRequest, signal: AbortSignal) => Promise<Downloaded>;
  readonly onProgress: (status: TransferStatus) => void;
}

/**
 * Downloads every file of a folder: small ones in bundles, then each large one as a download of its own. A file that
 * fails is named in the result; the others come all the same.
 *
 * @param found all files whose names begin with the folder's
 * @throws NotFoundError if there are none; DownloadDiskError where the disk fails for the small ones; the signal's reason
 */
export async function downloadFolder(
  ports: FolderPorts,
  request: FolderRequest,
  found: readonly Found[],
  signal: AbortSignal,
): Promise<FolderDownloaded> {
  const { ctx, shelf, one } = ports;
  const began = ctx.clock.now();
  const { files, failed } = chosen(found, request.holder);
  if (files.length + failed.length === 0) throw new NotFoundError(request.folder);
  const wanted = files.filter(({ fileId }) => shelf.holder.find(fileId) === undefined);
  let bytes = 0;
  let saved = 0;
  let already = files.length - wanted.length;
  const tell = progressOf(ports, request, wanted);
  const root = await rootOf(ctx, ports.args.downloads);

  const small = wanted.filter(({ size }) => isSmall(size));
  const outcome = await fetchSmall(ctx, ports.holders, shelf, root, small, signal, tell);
  bytes += outcome.bytes;
  saved += outcome.saved;
  already += outcome.already;

  const rest = [...wanted.filter(({ size }) => !isSmall(size)), ...outcome.left];
  await Promise.all(rest.map(async ({ name, fileId, size }) => {
    try {
      const { transfer, holder, priority } = request;
      const done = await one({
        file: fileId,
        transfer: `${transfer}/${fileId}`,
        name,
        ...(holder !== undefined && { holder }),
        ...(priority !== undefined && { priority }),
      }, signal);
      if (done.already) already++;
      else saved++;
      bytes += size;
      tell(size);
    } catch (error) {
      if (signal.aborted || !(error instanceof Refusal)) throw error;
      failed.push({ name, fileId, why: error.message });
    }
  }));
  return {
    folder: request.folder,
    files: saved,
    already,
    bytes,
    failed,
    ms: ctx.clock.now() - began,
  };
}

/** One version of each name; a name that stands for several cannot be decided here. */
function chosen(
  found: readonly Found[],
  holder: string | undefined,
): { files: Found[]; failed: FailedFile[] } {
  const having = holder === undefined
    ? found
    : found.filter(({ holders }) => holders.includes(holder))
      .map((file) => ({ ...file, holders: [holder] }));
  const byName = new Map<string, Found[]>();
  for (const file of having) {
    const same = byName.get(file.name);
    if (same === undefined) byName.set(file.name, [file]);
    else same.push(file);
  }
  const files: Found[] = [];
  const failed: FailedFile[] = [];
  for (const [name, versions] of byName) {
    const [first, second] = versions as [Found, Found?];
    if (second === undefined) files.push(first);
    else {
      const ids = versions.map(({ fileId }) => fileId);
      failed.push({ name, fileId: undefined, why: new AmbiguousError(name, ids).message });
    }
  }
  return { files, failed };
}

/** Adds bytes to what is done, and tells of it now and then. */
function progressOf(
  { ctx, onProgress }: FolderPorts,
  { folder, transfer }: FolderRequest,
  wanted: readonly Found[],
): (bytes: number) => void {
  const began = ctx.clock.now();
  const size = wanted.reduce((sum, file) => sum + file.size, 0);
  let done = 0;
  let told = -Infinity;
  return (bytes) => {
    done += bytes;
    const now = ctx.clock.now();
    if (now - told < PROGRESS_MS && done < size) return;
    told = now;
    const rate = now === began ? 0 : done / (now - began) * 1_000;
    const secondsLeft = rate === 0 ? undefined : (size - done) / rate;
    const rest = { rate, secondsLeft, holders: [], sources: [] };
    onProgress({ id: transfer, name: folder, fileId: "", size, done, ...rest });
  };
}

async function rootOf({ disk }: ActorContext, folder: string): Promise<string> {
  await disk.makeDirectory(folder);
  return await disk.realPath(folder);
}
