import type { ActorContext } from "../actor/mod.ts";
import type { SmallFile } from "../sharing/mod.ts";
import { BUNDLE_BYTES, BUNDLE_FILES, isSmall, saveSmall, unpackBundle } from "../sharing/mod.ts";
import type { Holders } from "./holders.ts";
import type { Found } from "./protocol.ts";
import type { Shelf } from "./shelf.ts";

/** Bundles under way at once: one is asked for while others are saved, and syncs of one run beside the renames of another. */
const AHEAD = 3;

/** What became of small files. */
export interface SmallOutcome {
  /** Bytes that came. */
  bytes: number;
  saved: number;
  already: number;
  /** Those that no bundle brought: to be fetched one by one. */
  readonly left: Found[];
}

/** Parts of a folder that one question brings, from one holder. */
interface Batch {
  readonly holder: string;
  readonly files: Found[];
}

/**
 * Fetches many small files, hundreds with each question, saves and shares them.
 *
 * @param root the download folder, absolute and without links
 * @param onBytes told of each bundle that was saved
 * @throws DownloadDiskError; the signal's reason
 */
export async function fetchSmall(
  ctx: ActorContext,
  holders: Holders,
  shelf: Shelf,
  root: string,
  files: readonly Found[],
  signal: AbortSignal,
  onBytes: (bytes: number) => void,
): Promise<SmallOutcome> {
  const outcome: SmallOutcome = { bytes: 0, saved: 0, already: 0, left: [] };
  const batches = batchesOf(files, (id) => holders.isUp(id), outcome.left);
  const pool: ArrayBuffer[] = [];

  /** Never rejects: files that did not come are left. */
  const ask = async (batch: Batch): Promise<[SmallFile[], ArrayBuffer | undefined]> => {
    const buffer = pool.pop() ?? new ArrayBuffer(BUNDLE_BYTES);
    try {
      const ids = batch.files.map(({ fileId }) => fileId);
      const peer = holders.ref(batch.holder).with({ signal, transfer: [buffer] });
      const reply = await peer.ask.bundle(ids, buffer);
      const found = unpackBundle(ctx.hashing, batch.files, reply.buffer, reply.lengths);
      const small: SmallFile[] = [];
      batch.files.forEach((file, i) => {
        const each = found[i];
        if (each === undefined) outcome.left.push(file);
        else small.push({ name: file.name, ...each });
      });
      return [small, reply.buffer];
    } catch {
      outcome.left.push(...batch.files);
      return [[], undefined];
    }
  };

  const save = async (small: readonly SmallFile[], turn: number): Promise<void> => {
    const saved = await saveSmall(ctx, root, small, signal, turn);
    shelf.addMany(saved);
    let bytes = 0;
    for (const { file, already } of saved) {
      if (already) outcome.already++;
      else outcome.saved++;
      bytes += file.size;
    }
    outcome.bytes += bytes;
    onBytes(bytes);
  };

  const lane = async (turn: number): Promise<void> => {
    for (let batch; (batch = batches.shift()) !== undefined;) {
      signal.throwIfAborted();
      const [small, buffer] = await ask(batch);
      await save(small, turn);
      // Only now: what is saved lies in it.
      if (buffer?.byteLength === BUNDLE_BYTES) pool.push(buffer);
    }
  };
  const lanes = Array.from({ length: AHEAD }, (_, turn) => lane(turn));
  try {
    await Promise.all(lanes);
  } catch (error) {
    batches.length = 0;
    await Promise.allSettled(lanes);
    throw error;
  } finally {
    shelf.told();
  }
  return outcome;
}

/** Splits `files` among their holders; those without one that is up, or that are not small, go to `left`. */
function batchesOf(
  files: readonly Found[],
  isUp: (holder: string) => boolean,
  left: Found[],
): Batch[] {
  const open = new Map<string, { files: Found[]; bytes: number }>();
  const batches: Batch[] = [];
  let turn = 0;
  for (const file of files) {
    const up = file.holders.filter(isUp);
    const holder = up[turn++ % up.length];
    if (holder === undefined || !isSmall(file.size)) {
      left.push(file);
      continue;
    }
    let batch = open.get(holder);
    if (
      batch === undefined || batch.files.length === BUNDLE_FILES ||
      batch.bytes + file.size > BUNDLE_BYTES
    ) {
      batch = { files: [], bytes: 0 };
      open.set(holder, batch);
      batches.push({ holder, files: batch.files });
    }
    batch.files.push(file);
    batch.bytes += file.size;
  }
  return batches;
}
