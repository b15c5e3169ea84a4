/** What a peer says of itself. */
export interface PeerStatus {
  readonly id: string;
  readonly uri: string;
  readonly role: "learner" | "follower" | "precandidate" | "candidate" | "tracker";
  /** Its id in elections: its own, unless it lost its disk and was admitted again. */
  readonly voter: string;
  /** The electorate that it knows, by voter id. */
  readonly voters: readonly string[];
  /** Whether it lost the record of its votes, so that it may not vote under that id again. */
  readonly lost: boolean;
  readonly epoch: number;
  /** The tracker it follows, itself if it is the one; undefined while it knows none. */
  readonly tracker: string | undefined;
  /** Votes it gave, newest epoch first: the last few. */
  readonly votes: readonly { readonly epoch: number; readonly candidate: string }[];
  /** While it is a candidate: votes so far. */
  readonly candidacy:
    | { readonly epoch: number; readonly votes: number; readonly needed: number }
    | undefined;
  /** Files it shares. */
  readonly files: number;
  /** Only at the tracker: distinct files and the peers that have announced theirs. */
  readonly catalogue: { readonly files: number; readonly peers: readonly string[] } | undefined;
  readonly transfers: readonly TransferStatus[];
  /** How often its supervisor has started it anew, kept on its disk. */
  readonly incarnation: number;
}

/** A file that a peer shares. */
export interface SharedFile {
  /** Relative path, parts separated by `/`. */
  readonly name: string;
  /** Bytes. */
  readonly size: number;
  /** 64 hexadecimal digits. */
  readonly fileId: string;
}

/** One version of a file in the network: what it contains is named by its id. */
export interface FoundFile extends SharedFile {
  /** Peers that have all of it, in order of their ids. */
  readonly holders: readonly string[];
  /** Bytes that peers have which are still downloading it, by peer; left out where there is none. */
  readonly partial?: Readonly<Record<string, number>>;
}

/** A file that the scan of a folder left out. */
export interface RefusedFile {
  /** With hostile characters escaped. */
  readonly name: string;
  readonly why: string;
}

/** What a scan of the shared folder changed. */
export interface RefreshResult {
  readonly files: readonly SharedFile[];
  readonly added: readonly string[];
  readonly removed: readonly string[];
  readonly refused: readonly RefusedFile[];
}

/** A download under way. */
export interface TransferStatus {
  readonly id: string;
  readonly name: string;
  readonly fileId: string;
  readonly size: number;
  /** Bytes verified and written. */
  readonly done: number;
  /** Bytes a second, lately. */
  readonly rate: number;
  /** Seconds; undefined if it cannot be said. */
  readonly secondsLeft?: number | undefined;
  /** Who sends now. */
  readonly holders: readonly string[];
  /** What each of them sends. */
  readonly sources?: readonly SourceStatus[];
}

/** What one holder contributes to a download. */
export interface SourceStatus {
  readonly holder: string;
  /** Verified bytes that came from it. */
  readonly bytes: number;
  /** Bytes a second, lately. */
  readonly rate: number;
  /** Chunks that it is asked for and has not sent. */
  readonly inFlight: number;
  /** Seconds until those are here; undefined if it cannot be said. */
  readonly secondsLeft: number | undefined;
}

/** A file whose bytes are not those that were hashed, although nobody wrote to it. */
export interface DamagedFile {
  readonly name: string;
  readonly fileId: string;
  /** Indexes of the damaged chunks, as ranges: `3,7-9`. */
  readonly chunks: string;
  readonly repaired: boolean;
  /** Why not. */
  readonly why?: string;
}

/** What hashing everything again found. */
export interface VerifyReport {
  /** Files that were looked at. */
  readonly files: number;
  readonly bytes: number;
  readonly damaged: readonly DamagedFile[];
  /** Files that somebody changed or removed since the last scan: not damaged. */
  readonly changed: readonly { readonly name: string; readonly why: string }[];
}

/** A file of a folder that was not downloaded. */
export interface FailedFile {
  readonly name: string;
  /** Undefined where the name stands for several files. */
  readonly fileId: string | undefined;
  readonly why: string;
}

/** A folder that was downloaded. */
export interface FolderDownloaded {
  readonly folder: string;
  /** Files that came. */
  readonly files: number;
  /** Files that were there already with the same content. */
  readonly already: number;
  /** Bytes that came. */
  readonly bytes: number;
  readonly failed: readonly FailedFile[];
  readonly ms: number;
}

/** A finished download. */
export interface Downloaded {
  readonly name: string;
  /** Where it is now. */
  readonly path: string;
  readonly size: number;
  readonly fileId: string;
  /** Bytes that came from each holder. */
  readonly from: Readonly<Record<string, number>>;
  /** Bytes that an earlier attempt had left. */
  readonly resumed?: number;
  readonly ms: number;
  /** It was there already with the same content. */
  readonly already: boolean;
}
