import { Refusal } from "../actor/mod.ts";
import type { FileVersion, HashingPorts } from "./build_manifest.ts";
import { buildManifest } from "./build_manifest.ts";
import { sameBytes } from "./bytes.ts";
import { chunkCount } from "./chunk_size.ts";
import type { Manifest } from "./manifest.ts";
import { chunkHash } from "./manifest.ts";
import { formatRanges } from "./ranges.ts";

/** What became of a file since it was hashed. */
export type FileState =
  | { readonly kind: "whole" }
  /** The disk gives other bytes, although nobody wrote: `chunks` are ranges as `3,7-9`. */
  | { readonly kind: "damaged"; readonly chunks: string }
  /** Somebody wrote, or it is gone. */
  | { readonly kind: "changed"; readonly why: string };

/** Hashes `file` again, whatever is remembered of it, and compares. Rejects only with the signal's reason. */
export async function checkFile(
  ports: HashingPorts,
  file: FileVersion,
  manifest: Manifest,
  signal: AbortSignal,
): Promise<FileState> {
  try {
    const { chunkSize } = manifest;
    const now = await buildManifest(ports, file, { chunkSize, signal });
    const bad: number[] = [];
    for (let i = 0; i < chunkCount(file.size, chunkSize); i++) {
      if (!sameBytes(chunkHash(now, i), chunkHash(manifest, i))) bad.push(i);
    }
    return bad.length === 0 ? { kind: "whole" } : { kind: "damaged", chunks: formatRanges(bad) };
  } catch (error) {
    if (signal.aborted || !(error instanceof Refusal)) throw error;
    return { kind: "changed", why: error.message };
  }
}
