/** Bytes of a SHA-256. */
export const HASH_BYTES = 32;

/** Bytes of one part of a path, as most file systems allow. */
export const MAX_PART_BYTES = 255;

/** Bytes of a whole relative name. */
export const MAX_NAME_BYTES = 4_096;

/** Entries (added and removed together) in one announcement; what is more comes in further pages. */
export const MAX_ANNOUNCED = 10_000;

/** Files that one peer may have in the catalogue. */
export const MAX_FILES_PER_PEER = 100_000;

/** Peers in a catalogue. */
export const MAX_PEERS = 4_096;

/** Names in one answer to a search or in one page of a list. */
export const MAX_RESULTS = 1_000;

/** UTF-16 code units of a search text. */
export const MAX_QUERY_LENGTH = 1_024;

/** Comparisons of one glob search, some 20 ms; names after that are not looked at. */
export const MAX_GLOB_STEPS = 5_000_000;

/** Files that a holder keeps open. */
export const MAX_OPEN_FILES = 64;

/** Our own folder inside a download folder: unfinished files and their journals. Never shared, refused in names. */
export const PRIVATE_FOLDER = ".troupe";

/** What is accepted of a manifest (`sharing.md`, "Numbers"). */
export interface ManifestLimits {
  /** Bytes, a power of two. */
  readonly minChunkSize: number;
  /** Bytes, a power of two. */
  readonly maxChunkSize: number;
  /** Bytes, a power of two: a chunk this large costs little more than its bytes, so larger ones have no use of their own. */
  readonly easyChunkSize: number;
  /** How many chunks the chunk size aims at, at most, up to the easy size. */
  readonly targetChunks: number;
  /** And above it. */
  readonly manyChunks: number;
  readonly maxChunks: number;
}

/**
 * 256 KiB to 16 MiB: 256 chunks up to 1 MiB each, then 2,048 where that is possible (1 MiB at 1 GiB); files up to 1 TiB.
 * More and smaller chunks cost messages; of larger ones fewer are under way in the buffers of a download
 * (`slotsFor`), which leaves less to get from several holders at once.
 */
export const MANIFEST_LIMITS: ManifestLimits = {
  minChunkSize: 256 * 2 ** 10,
  maxChunkSize: 16 * 2 ** 20,
  easyChunkSize: 2 ** 20,
  targetChunks: 256,
  manyChunks: 2_048,
  maxChunks: 65_536,
};
