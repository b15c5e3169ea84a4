import { Refusal, show } from "../actor/mod.ts";
import { escapeName } from "./escape_name.ts";

/** The base of what can be refused when files are shared. Each is an answer; none ends an actor. */
export abstract class SharingError extends Refusal {}

/** A value of another peer (or of a caller) has not the form it must have; nothing was done with it. */
export class BadMessageError extends SharingError {
  readonly code = "bad_message";
  /** Where in the message, as `announcement.add[3].size`. */
  readonly field: string;

  constructor(field: string, value: unknown, expected: string) {
    super(`${field} is ${show(value)}, expected ${expected}`);
    this.field = field;
  }
}

/** A name that no border lets through. */
export class BadNameError extends SharingError {
  readonly code = "bad_name";
  readonly why: string;

  constructor(name: unknown, why: string) {
    super(`The name ${escapeName(name)} is refused: ${why}`);
    this.why = why;
  }
}

/** A manifest that contradicts itself, the limits, or the file id it was given for. */
export class BadManifestError extends SharingError {
  readonly code = "bad_manifest";

  constructor(why: string) {
    super(`The manifest is refused: ${why}`);
  }
}

/** More than the limit of something. */
export class TooManyError extends SharingError {
  readonly code = "too_many";
  readonly limit: number;

  constructor(what: string, count: number, limit: number) {
    super(`${what}: ${count} is more than the limit of ${limit}`);
    this.limit = limit;
  }
}

/** This peer does not share that file (any more). */
export class NotSharedError extends SharingError {
  readonly code = "not_shared";
  readonly fileId: string;

  constructor(fileId: string) {
    super(`No file with the id ${shortId(fileId)} is shared here`);
    this.fileId = fileId;
  }
}

/** This peer shares the file, but does not have that chunk (yet). */
export class NoChunkError extends SharingError {
  readonly code = "no_chunk";
  readonly index: number;

  constructor(fileId: string, index: number) {
    super(`Chunk ${index} of ${shortId(fileId)} is not here`);
    this.index = index;
  }
}

/** The file is not what it was when it was shared. */
export class FileChangedError extends SharingError {
  readonly code = "changed";

  constructor(name: string, what: string) {
    super(`${escapeName(name)} changed: ${what}`);
  }
}

/** The file cannot be read any more: removed, replaced by something else, or permission lost. */
export class FileGoneError extends SharingError {
  readonly code = "gone";

  constructor(name: string, why: string, options?: ErrorOptions) {
    super(`${escapeName(name)} is gone: ${why}`, options);
  }
}

/** An asker has more requests waiting here than a peer may have; the same one may succeed a little later. */
export class BusyError extends SharingError {
  readonly code = "busy";

  constructor(asker: string, limit: number) {
    super(`${escapeName(asker)} has ${limit} requests waiting here, which is the limit`);
  }
}

/** An asker asked again and again for what cannot be had, and is not heard for a while. */
export class MutedError extends SharingError {
  readonly code = "muted";

  constructor(asker: string, ms: number) {
    super(`${escapeName(asker)} asked too often for what cannot be had: not heard for ${ms} ms`);
  }
}

/** A chunk index that the file has not. */
export class BadRangeError extends SharingError {
  readonly code = "bad_range";

  constructor(index: unknown, chunks: number) {
    super(`Chunk ${show(index)} was asked for, the file has ${chunks}`);
  }
}

/** A holder sent something that is not the chunk it was asked for. */
export class BadChunkError extends SharingError {
  readonly code = "bad_chunk";
  readonly holder: string;
  readonly index: number;

  constructor(holder: string, index: number, why: string) {
    super(`${holder} sent a wrong chunk ${index}: ${why}`);
    this.holder = holder;
    this.index = index;
  }
}

/** A holder took too long for a chunk. */
export class StalledError extends SharingError {
  readonly code = "stalled";
  readonly holder: string;

  constructor(holder: string, what: string, ms: number) {
    super(`${holder} sent no ${what} within ${Math.round(ms)} ms`);
    this.holder = holder;
  }
}

/** Nobody is left who could tell what the file consists of. */
export class NoHolderError extends SharingError {
  readonly code = "no_holder";

  constructor(name: string, tried: number, options?: ErrorOptions) {
    super(`Nobody has ${escapeName(name)}: ${tried} holders were tried`, options);
  }
}

/** No living holder has the chunks that are missing; what was verified is kept for the next attempt. */
export class IncompleteError extends SharingError {
  readonly code = "incomplete";
  /** Indexes of the chunks that are missing, as ranges: `0-3,7`. */
  readonly missing: string;
  /** How many chunks are missing. */
  readonly count: number;

  constructor(
    name: string,
    missing: string,
    count: number,
    chunks: number,
    options?: ErrorOptions,
  ) {
    const listed = missing.length > 200 ? `${missing.slice(0, 199)}…` : missing;
    super(
      `${escapeName(name)} is incomplete: nobody has ${count} of its ${chunks} chunks (${listed})`,
      options,
    );
    this.missing = missing;
    this.count = count;
  }
}

/** The place where a file shall be saved is taken by something that is not overwritten. */
export class ExistsError extends SharingError {
  readonly code = "exists";

  constructor(name: string, why: string) {
    super(`${escapeName(name)} cannot be saved: ${why}`);
  }
}

/** The disk has not enough room for the download; asked before anything is written. */
export class NoSpaceError extends SharingError {
  readonly code = "no_space";
  /** Bytes. */
  readonly needed: number;
  /** Bytes. */
  readonly free: number;

  constructor(name: string, needed: number, free: number) {
    super(
      `${
        escapeName(name)
      } needs ${needed} bytes, the disk has ${free}: make room and download again`,
    );
    this.needed = needed;
    this.free = free;
  }
}

/** The disk failed during a download. What was verified is kept, and the next attempt goes on from there. */
export class DownloadDiskError extends SharingError {
  readonly code = "disk_failed";
  /** The system's code, as `ENOSPC`. */
  readonly systemCode: string;

  constructor(name: string, systemCode: string, why: string, options?: ErrorOptions) {
    super(
      `The download of ${escapeName(name)} stopped: ${why}. What is verified is kept: ${
        ADVICE[systemCode] ?? "look at the disk"
      }, then download again`,
      options,
    );
    this.systemCode = systemCode;
  }
}

const ADVICE: Readonly<Record<string, string>> = {
  ENOSPC: "make room",
  EDQUOT: "make room within the quota",
  EACCES: "give write permission",
  EPERM: "give write permission",
  EROFS: "make the disk writable or choose another folder",
  EMFILE: "close files or raise the limit of open files",
  EIO: "check the disk",
};

/** The download was told to stop. What was verified is kept. */
export class DownloadAbortedError extends SharingError {
  readonly code = "aborted";

  constructor(name: string, why: unknown) {
    super(
      `The download of ${escapeName(name)} was aborted: ${
        why instanceof Error ? why.message : String(why)
      }`,
    );
  }
}

/** The folder that shall be shared is none. */
export class MissingFolderError extends SharingError {
  readonly code = "missing_folder";

  constructor(path: string, why: string, options?: ErrorOptions) {
    super(`The folder ${escapeName(path)} cannot be shared: ${why}`, options);
  }
}

/** The first digits of an id, for people. */
export function shortId(fileId: string): string {
  return escapeName(String(fileId).slice(0, 12));
}

// deno-lint-ignore no-explicit-any -- each class has parameters of its own
type SharingErrorClass = abstract new (...args: any[]) => SharingError;

/** Every class of errors here, for {@linkcode reviveError}: callers on other threads then see the same classes. */
export const SHARING_ERRORS: readonly SharingErrorClass[] = [
  BadMessageError,
  BadNameError,
  BadManifestError,
  TooManyError,
  NotSharedError,
  NoChunkError,
  BusyError,
  MutedError,
  FileChangedError,
  FileGoneError,
  BadRangeError,
  BadChunkError,
  StalledError,
  NoHolderError,
  IncompleteError,
  ExistsError,
  NoSpaceError,
  DownloadDiskError,
  DownloadAbortedError,
  MissingFolderError,
];
