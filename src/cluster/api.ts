import type { SystemEvent } from "../actor/mod.ts";

/** How a cluster is made. Every value is checked; a bad one gives an `InvalidOptionError` that names it. */
export interface ClusterOptions {
  /** 1 to 100; default 5. */
  readonly peers?: number;
  /**
   * Folder that holds one folder per peer, `<shared>/peer-1`..., made where they are missing. Default: `shared` in the run's folder.
   * Must exist if it is given.
   */
  readonly shared?: string;
  /** Where finished downloads go, as `<downloads>/<peer id>/`. Default: `downloads` in the run's folder. */
  readonly downloads?: string;
  /** Folder of this run: `logs/<peer id>.log`, `state/<peer id>/`. Default: a new folder under `.troupe/runs`. */
  readonly folder?: string;
  /** `default` (heartbeat 50 ms, timeout 150 to 300), `fast`, `turbo`, `seed`. */
  readonly profile?: "default" | "fast" | "turbo" | "seed";
  /** Milliseconds; overrides the profile's. */
  readonly timers?: {
    readonly heartbeat?: number;
    readonly timeoutMin?: number;
    readonly timeoutMax?: number;
  };
  /** Votes that elect a tracker; default: the majority of `peers`. A number that is no majority needs `unsafe`. */
  readonly quorum?: number;
  readonly unsafe?: boolean;
  /** Determines every random draw of the peers; drawn unless told. */
  readonly seed?: string | number;
  /** Whether the supervisor restarts a peer that crashed; default true. */
  readonly restart?: boolean;
}

/** `peer-3`, `3`, or `tracker`, the present one. */
export type Target = string | number;

/**
 * How a peer is crashed: its thread is ended from outside (`terminate`), it throws (`throw`), its event loop blocks so that
 * it hears and says nothing until it is killed (`hang`), it ends its own thread (`exit`).
 */
export type CrashKind = "terminate" | "throw" | "hang" | "exit";

/** What a peer says of itself. */
export interface PeerStatus {
  readonly id: string;
  readonly uri: string;
  readonly role: "learner" | "follower" | "precandidate" | "candidate" | "tracker";
  readonly epoch: number;
  /** The tracker it follows, itself if it is the one; undefined while it knows none. */
  readonly tracker: string | undefined;
  /** Votes it gave, newest epoch first: the last few. */
  readonly votes: readonly { readonly epoch: number; readonly candidate: string }[];
  /** While it is a candidate: votes so far. */
  readonly candidacy: { readonly epoch: number; readonly votes: number; readonly needed: number } | undefined;
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
  /** Peer ids in order. */
  readonly holders: readonly string[];
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
  /** Who sends now. */
  readonly holders: readonly string[];
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
  readonly ms: number;
  /** It was there already with the same content. */
  readonly already: boolean;
}

/** What to download, and how. */
export interface DownloadOptions {
  /** Only this holder, by peer id; default: whoever has it. */
  readonly holder?: string;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: TransferStatus) => void;
}

/** One peer, as its console sees it. Every method rejects with an error that says what was tried. */
export interface PeerHandle {
  readonly id: string;
  /** Exact name, else part of a name, else a glob (`*`, `?`), or a file id's first digits. */
  search(query: string): Promise<FoundFile[]>;
  /** By name (exact, and of one version) or by file id (at least 8 digits). */
  download(file: string, options?: DownloadOptions): Promise<Downloaded>;
  status(): Promise<PeerStatus>;
  /** What it shares itself (`list my`). */
  files(): Promise<SharedFile[]>;
  /** What the tracker's catalogue holds (`list net`). */
  network(): Promise<FoundFile[]>;
  /** Scans the shared folder again and tells the tracker. */
  refresh(): Promise<RefreshResult>;
  /** Starts an election, as if the tracker were lost. Settles when it has begun. */
  election(): Promise<void>;
  /** Stops a download by its id; gives whether it was there. What is verified is kept. */
  cancel(transfer: string): Promise<boolean>;
}

/** Who is tracker, agreed by all peers that are up. */
export interface Agreement {
  readonly tracker: string;
  readonly epoch: number;
}

/** What the cluster knows of a peer without asking it. */
export interface PeerView {
  readonly id: string;
  readonly up: boolean;
  readonly role: PeerStatus["role"] | "down";
  readonly epoch: number;
  readonly tracker: string | undefined;
}

/** A registry, a supervisor tree and peers in this process. */
export interface Cluster extends AsyncDisposable {
  readonly seed: string;
  readonly folder: string;
  /** Peer ids in order: `peer-1`... */
  readonly peers: readonly string[];
  /** The folders of a peer. */
  folders(peer: Target): { readonly shared: string; readonly downloads: string; readonly log: string };
  peer(peer: Target): PeerHandle;
  /** What is known of every peer now. */
  view(): readonly PeerView[];
  /** Waits until all peers that are up agree on one tracker. Rejects after `timeout` ms (default 10 000). */
  tracker(options?: { readonly timeout?: number; readonly above?: number; readonly signal?: AbortSignal }): Promise<Agreement>;
  /** Crashes a peer; gives which. With `hold` it stays down until {@linkcode restart}. */
  crash(target: Target, how?: CrashKind, options?: { readonly hold?: boolean }): Promise<string>;
  /** Starts a peer that is down, or stops and starts one that is up. Settles when it is ready. */
  restart(target: Target): Promise<void>;
  /** Stops a peer in order; it stays down. */
  stop(target: Target): Promise<void>;
  /** Crashes the name server; its supervisor restarts it. */
  crashRegistry(): Promise<void>;
  /** Calls `fn` for every event of one kind, `*` for all. Kinds are listed in docs/events.md. */
  on(kind: string, fn: (event: SystemEvent) => void, options?: { readonly signal?: AbortSignal }): Disposable;
  /** Stops everything in order. Idempotent. */
  close(): Promise<void>;
}
