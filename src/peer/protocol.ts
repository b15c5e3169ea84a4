import type { ActorRef, AnyRef } from "../actor/mod.ts";
import type { Change } from "../election/mod.ts";
import type { Applied, FoundBy, Manifest } from "../sharing/mod.ts";
import type { TransferLimits } from "./limits.ts";
import type {
  Downloaded,
  FolderDownloaded,
  FoundFile,
  PeerStatus,
  RefreshResult,
  SharedFile,
  VerifyReport,
} from "./reports.ts";

/** One version of a file as the tracker's catalogue tells it. */
export type Found = FoundFile;

/** A chunk, in the buffer that was sent for it. */
export interface Chunk {
  readonly buffer: ArrayBuffer;
  /** Bytes of the chunk, from the buffer's beginning. */
  readonly length: number;
}

/** Small files one after the other, in the buffer that was sent for them. */
export interface Bundle {
  readonly buffer: ArrayBuffer;
  /** Bytes of each file that was asked for; -1 for one that is not here. */
  readonly lengths: readonly number[];
}

/** What the tracker finds. */
export interface FindAnswer {
  readonly by: FoundBy;
  readonly found: Found[];
  /** Whether every living peer has announced all it has: a new tracker does not know everything yet. */
  readonly complete: boolean;
}

/** A page of the catalogue, by name. */
export interface PageAnswer {
  readonly found: Found[];
  readonly more: boolean;
  /** Where the next page begins. */
  readonly last: string;
  /** As in {@linkcode FindAnswer}. */
  readonly complete: boolean;
}

/** Which downloads are meant, and how. */
export interface DownloadRequest {
  /** Name (exact, and of one version only) or file id (at least 8 digits). */
  readonly file: string;
  /** Chosen by who asks, for progress events and `cancel`. */
  readonly transfer: string;
  /** Only this holder, by peer id. */
  readonly holder?: string;
  /** Under which name it is saved; the one that it was found by unless told. */
  readonly name?: string;
  /** Of those that wait, the higher ones are begun first; 0 unless told. */
  readonly priority?: number;
}

/** Which folder is meant, and how. */
export interface FolderRequest extends Omit<DownloadRequest, "file" | "name"> {
  /** All files below it; empty for all there are. */
  readonly folder: string;
}

/** How a peer is told to fail. */
export type PeerFault = "throw" | "hang" | "exit" | "memory";

/** Everything a peer answers to: the other peers' questions, the tracker's, and its console's. */
export type PeerProtocol = {
  // the election
  elect(from: string, message: unknown): void;
  /** Answers nothing: whoever asks learns from the failure of the ask that this peer has ended. */
  outlive(): Promise<void>;

  // at the tracker; `epoch` is the one that the asker follows
  /** Gives the epoch up in order, as if the tracker were lost. */
  resign(epoch: number): void;
  /** Adds a voter or removes one, by voter id; settles with the voters once a quorum holds them. */
  reconfigure(epoch: number, change: Change): Promise<readonly string[]>;
  announce(epoch: number, from: string, ref: AnyRef, message: unknown): Applied;
  find(epoch: number, query: string): FindAnswer;
  page(epoch: number, after: string, prefix?: string): PageAnswer;
  holders(epoch: number, fileId: string): string[];

  // at a peer that lost its disk
  /** Takes a voter id that it never voted under, and gives it. */
  renew(): Promise<string>;

  // at a holder
  manifest(fileId: string): Manifest;
  /** Which chunks are here: `all`, or ranges as `0-3,7`. */
  have(fileId: string): string;
  chunk(fileId: string, index: number, buffer: ArrayBuffer): Promise<Chunk>;
  /** Files of one chunk each, as many as the buffer takes. */
  bundle(fileIds: readonly string[], buffer: ArrayBuffer): Promise<Bundle>;

  // of the console
  search(query: string): Promise<Found[]>;
  network(): Promise<Found[]>;
  files(): Promise<SharedFile[]>;
  status(): PeerStatus;
  refresh(): Promise<RefreshResult>;
  /** Hashes again all that it shares; with `repair`, gets damaged chunks from others. */
  verify(repair: boolean): Promise<VerifyReport>;
  download(request: DownloadRequest): Promise<Downloaded>;
  downloadFolder(request: FolderRequest): Promise<FolderDownloaded>;
  cancel(transfer: string): boolean;
  /** Changes limits; what is not told stays. */
  limit(limits: TransferLimits): void;
  campaign(): Promise<void>;

  // of experiments
  /**
   * Until the next epoch, all that its election draws at random, as how long it waits for a tracker, is this part (from 0, below
   * 1) of the way from the least to the most.
   */
  timing(part: number): void;
  /** `hang` blocks the thread until the first word of `flag` is not 0, a minute at most. */
  fault(kind: PeerFault, flag?: SharedArrayBuffer): void;
};

/** A ref to a peer. */
export type PeerRef = ActorRef<PeerProtocol>;
