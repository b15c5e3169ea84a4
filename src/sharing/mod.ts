/**
 * Sharing files: folder scan, manifests, what a holder serves, the tracker's catalogue, downloads. Disk, hashes,
 * time and chance come in as parameters; messages are the caller's business.
 *
 * @module
 */
export type { AnnouncedFile, Announcement } from "./announcement.ts";
export { announcementsOf, readAnnouncement } from "./announcement.ts";
export { BUNDLE_BYTES, BUNDLE_FILES, isSmall, packBundle, unpackBundle } from "./bundle.ts";
export type { BuildOptions, FileVersion, HashingPorts } from "./build_manifest.ts";
export { buildManifest } from "./build_manifest.ts";
export type { Applied, CatalogueEntry, CatalogueVersion, PeerEntry } from "./catalogue.ts";
export { Catalogue } from "./catalogue.ts";
export type { FileState } from "./check_file.ts";
export { checkFile } from "./check_file.ts";
export { chunkCount, chunkLength, chunkSizeFor } from "./chunk_size.ts";
export { download } from "./download.ts";
export type {
  Download,
  DownloadOptions,
  DownloadProgress,
  DownloadResult,
  HolderProgress,
  Part,
  StallTimes,
} from "./download_options.ts";
export * from "./errors.ts";
export { escapeName } from "./escape_name.ts";
export { absentFrom, describeHave } from "./have.ts";
export type { HolderOptions, SharedFile } from "./holder.ts";
export { Holder } from "./holder.ts";
export * from "./limits.ts";
export type { Manifest } from "./manifest.ts";
export { chunkHash, isChunk, readManifest } from "./manifest.ts";
export { ManifestCache } from "./manifest_cache.ts";
export type { Known } from "./manifest_store.ts";
export { ManifestStore } from "./manifest_store.ts";
export { fileIdOf } from "./merkle.ts";
export type { FoundBy, SearchResult } from "./query.ts";
export { search } from "./query.ts";
export { sleep } from "./pause.ts";
export { RateLimit } from "./rate_limit.ts";
export { foldersOf, joinName, numberedName, safeName, whyUnsafe } from "./safe_name.ts";
export type { SavedFile, SmallFile } from "./save_small.ts";
export { saveSmall } from "./save_small.ts";
export type { RefusedEntry, Scan, ScanOptions } from "./scan.ts";
export { scanFolder } from "./scan.ts";
export type { Choice, HolderView } from "./schedule.ts";
export { nextRequest } from "./schedule.ts";
export { Slots } from "./slots.ts";
export type { UploadLimits } from "./upload_desk.ts";
export { UploadDesk } from "./upload_desk.ts";
export { fieldsOf, listOf, validFileId, validName, validPeerId, wholeNumber } from "./validate.ts";
