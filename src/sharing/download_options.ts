import type { Clock, Disk, Hashing, Random } from "../actor/mod.ts";
import type { ManifestLimits } from "./limits.ts";
import type { Manifest } from "./manifest.ts";

/** How long a holder may take for a chunk. */
export interface StallTimes {
  /** Milliseconds for a manifest, and for a chunk while the holder's speed is not known. */
  readonly firstMs: number;
  /** Of a holder's own smoothed time for a chunk. */
  readonly factor: number;
  /** Milliseconds; the deadline is never shorter. */
  readonly minMs: number;
  /** Milliseconds; the deadline is never longer. */
  readonly maxMs: number;
}

/** What a download is told, and the ports through which it does everything. */
export interface DownloadOptions {
  readonly disk: Disk;
  readonly hashing: Hashing;
  readonly clock: Clock;
  readonly random: Random;
  readonly fileId: string;
  /** Under which name it shall be saved; relative, with `/`. */
  readonly name: string;
  /** The folder for downloads, absolute; made if it is not there. One download of a file id at a time. */
  readonly folder: string;
  /**
   * The file is there under `name`, damaged: what is right of it is kept, and the whole takes its place in the end, in one
   * step. Nothing else is ever overwritten.
   */
  readonly repair?: boolean | undefined;
  /** Ids of the peers that have the file. */
  readonly holders: Iterable<string>;
  /** If it is known already; else the holders are asked. */
  readonly manifest?: Manifest | undefined;
  /** Stops the download, cleanly. */
  readonly signal?: AbortSignal | undefined;
  /** Asks `holder` for its manifest of the file. What comes is checked here. */
  readonly askManifest: (holder: string, signal: AbortSignal) => Promise<unknown>;
  /**
   * Asks `holder` for a chunk. `buffer` is given away; a buffer comes back that begins with the chunk, at best that one.
   * After `signal` is aborted the answer is not wanted any more.
   */
  readonly fetch: (
    holder: string,
    index: number,
    buffer: ArrayBuffer,
    signal: AbortSignal,
  ) => Promise<ArrayBuffer>;
  /**
   * Asks `holder` which chunks it has: `all`, or ranges as `0-3,7`. None, and everybody is taken to have all until they
   * say that they do not.
   */
  readonly askHave?: ((holder: string, signal: AbortSignal) => Promise<unknown>) | undefined;
  /** Waits until so many bytes may be asked for. */
  readonly throttle?: ((bytes: number, signal: AbortSignal) => Promise<void>) | undefined;
  /** Asked when nobody is left who could have what is missing; may wait. None, and the download ends. */
  readonly moreHolders?: ((signal: AbortSignal) => Promise<Iterable<string>>) | undefined;
  /** Told at most every 100 ms, and at the end. */
  readonly onProgress?: ((progress: DownloadProgress) => void) | undefined;
  /** What is here so far may be served from now on; undefined: no more. */
  readonly onPart?: ((part: Part | undefined) => void) | undefined;
  /** A holder is not asked any more; `banned` for ever, since it sent what is not of the file. */
  readonly onHolderLost?: ((holder: string, why: unknown, banned: boolean) => void) | undefined;
  /** Requests to one holder at once, if it is fast; 32 unless told. */
  readonly window?: number | undefined;
  /** Bytes of buffers altogether, two chunks at least; unless told 8 MiB, or more for chunks above 2 MiB. */
  readonly bufferBytes?: number | undefined;
  readonly stall?: Partial<StallTimes> | undefined;
  /** Verified bytes after which the unfinished file is synced to the disk; 64 MiB unless told. */
  readonly flushBytes?: number | undefined;
  /** Milliseconds after which it is; 2,000 unless told. */
  readonly flushMs?: number | undefined;
  readonly limits?: ManifestLimits | undefined;
}

/** A file that is not complete yet, for those who want what is here of it. */
export interface Part {
  readonly manifest: Manifest;
  /** Whether chunk `index` is verified and here. */
  has(index: number): boolean;
  /** Chunks that are here. */
  readonly count: number;
  /** Reads chunk `index` into `into`; gives the bytes read. */
  read(index: number, into: Uint8Array): Promise<number>;
}

/** What one holder contributes. */
export interface HolderProgress {
  readonly holder: string;
  /** Verified bytes that came from it. */
  readonly bytes: number;
  /** Bytes per second, smoothed. */
  readonly rate: number;
  readonly inFlight: number;
  /** Seconds until what it is asked for is here; undefined if it cannot be said. */
  readonly secondsLeft: number | undefined;
}

/** How far a download is. */
export interface DownloadProgress {
  /** Verified bytes on the disk, those of earlier attempts included. */
  readonly done: number;
  /** Bytes; undefined until the manifest is here. */
  readonly total: number | undefined;
  /** Bytes per second, smoothed. */
  readonly rate: number;
  /** Seconds; undefined if it cannot be said. */
  readonly secondsLeft: number | undefined;
  /** Those that are asked now. */
  readonly holders: readonly HolderProgress[];
}

/** A download that is complete. */
export interface DownloadResult {
  /** `existed`: the file was there with the same content, and nothing was written. */
  readonly kind: "downloaded" | "existed";
  /** Relative name: the one that was asked for, or `name (2)` and so on beside other content of that name. */
  readonly name: string;
  /** Absolute. */
  readonly path: string;
  readonly manifest: Manifest;
  /** Bytes that came from holders now. */
  readonly fetched: number;
  /** Bytes that an earlier attempt had left. */
  readonly resumed: number;
  /** Bytes by holder. */
  readonly from: ReadonlyMap<string, number>;
}

/** A download under way. */
export interface Download {
  /**
   * Settles when the file has its final name, or it is certain that it will not have it now:
   * `DownloadAbortedError`, `DownloadDiskError`, `NoSpaceError`, `NoHolderError`, `IncompleteError`, `ExistsError`,
   * `BadNameError`, `BadMessageError`. What was verified is kept for the next attempt.
   */
  readonly done: Promise<DownloadResult>;
  /** Another peer has the file (or more of it than before). */
  addHolder(holder: string): void;
  progress(): DownloadProgress;
}

export const STALL_TIMES: StallTimes = { firstMs: 15_000, factor: 8, minMs: 3_000, maxMs: 60_000 };
