import type { ActorContext } from "../actor/mod.ts";
import { Refusal } from "../actor/mod.ts";
import { checkFile } from "../sharing/mod.ts";
import type { SharedFile } from "../sharing/mod.ts";
import type { DamagedFile, VerifyReport } from "./reports.ts";
import type { Shelf } from "./shelf.ts";

/**
 * Hashes again everything that is shared. What is damaged is shared no more, until `repair` has mended it; what was
 * changed by somebody is shared as what it is now after the next scan.
 *
 * @param repair gets the damaged chunks from others; undefined to only look
 */
export async function verifyShelf(
  ctx: ActorContext,
  shelf: Shelf,
  repair: ((file: SharedFile) => Promise<void>) | undefined,
  signal: AbortSignal,
): Promise<VerifyReport> {
  const damaged: DamagedFile[] = [];
  const changed: { name: string; why: string }[] = [];
  const all = shelf.holder.files();
  let bytes = 0;
  for (const shared of all) {
    const { file, manifest } = shared;
    const state = await checkFile(ctx, file, manifest, signal);
    bytes += file.size;
    if (state.kind === "changed") changed.push({ name: file.name, why: state.why });
    if (state.kind !== "damaged") continue;
    shelf.withdraw(file.name);
    const { fileId } = manifest;
    const why = repair === undefined ? "nobody was asked" : await mend(repair, shared, signal);
    damaged.push({
      name: file.name,
      fileId,
      chunks: state.chunks,
      repaired: why === undefined,
      ...(why !== undefined && { why }),
    });
  }
  return { files: all.length, bytes, damaged, changed };
}

/** Gives why it could not be mended. */
async function mend(
  repair: (file: SharedFile) => Promise<void>,
  shared: SharedFile,
  signal: AbortSignal,
): Promise<string | undefined> {
  try {
    await repair(shared);
    return undefined;
  } catch (error) {
    if (signal.aborted || !(error instanceof Refusal)) throw error;
    return error.message;
  }
}
