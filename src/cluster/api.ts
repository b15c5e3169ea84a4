import type { ActorDefinition, Registry, SystemEvent } from "../actor/mod.ts";
import type { PeerArgs, PeerProtocol } from "../peer/mod.ts";
import type { DiskControls, SimulationOptions, SystemInfo, WorldControls } from "../runtime/mod.ts";
import type { Faults } from "./faults.ts";
import type { TransferLimits } from "../peer/limits.ts";
import type { ClusterTime } from "./time.ts";
import type {
  Downloaded,
  FolderDownloaded,
  FoundFile,
  PeerStatus,
  RefreshResult,
  SharedFile,
  TransferStatus,
  VerifyReport,
} from "../peer/reports.ts";

export type { TransferLimits } from "../peer/limits.ts";
export type * from "../peer/reports.ts";

/** What real and simulated clusters are told alike. Every value is checked; a bad one gives an `InvalidOptionError` that names it. */
export interface ClusterSettings {
  /** 1 to 100; default 5. */
  readonly peers?: number;
  /** `default` (heartbeat 50 ms, timeout 150 to 300), `fast`, `turbo`, `seed`; `crowd` (150; 500 to 2,000) for many more peers than cores. */
  readonly profile?: "default" | "fast" | "turbo" | "seed" | "crowd";
  /** Milliseconds; overrides the profile's. */
  readonly timers?: {
    readonly heartbeat?: number;
    readonly timeoutMin?: number;
    readonly timeoutMax?: number;
  };
  /**
   * How trackers are elected. `seed-literal` is the seed's own voting, which can elect two trackers in one epoch: for experiments, and only
   * with `unsafe`. Default: `troupe`.
   */
  readonly protocol?: "troupe" | "seed-literal";
  /** How many of the peers vote, the first ones; default all. The others are learners: they share and download, and follow the tracker. */
  readonly voters?: number;
  /** Votes that elect a tracker; default: the majority of the voters. A number that is no majority needs `unsafe`. */
  readonly quorum?: number;
  readonly unsafe?: boolean;
  /**
   * Whether peers hold an election as soon as the runtime reports the end of the tracker's thread, instead of waiting for its
   * heartbeats to stay away. Quicker (some milliseconds), but no failure detection that would work between machines. Default false.
   */
  readonly downDetector?: boolean;
  /** Determines every random draw of the peers; drawn unless told. */
  readonly seed?: string | number;
  /** Is told every event from the very first on; `cluster.on` begins when the peers are up. */
  readonly onEvent?: (event: SystemEvent) => void;
  /** How much each peer may send and fetch; see also `PeerHandle.limit`. */
  readonly limits?: TransferLimits;
  /**
   * Whether every message of an election, every announcement and every question for a chunk is told as an event (`message.sent`,
   * `message.received`, `message.dropped`), and what led to each step of an election; default false.
   */
  readonly traceMessages?: boolean;
  /**
   * Whether peers notice by themselves what is added, changed or removed in their shared folders, some 100 ms later; else
   * `PeerHandle.refresh` looks. Default true, false in simulation.
   */
  readonly watch?: boolean;
  /** Whether the supervisor restarts a peer that crashed; default true. */
  readonly restart?: boolean;
}

/** How a cluster is made. */
export interface ClusterOptions extends ClusterSettings {
  /** What the peers' threads are: worker threads, unless told. */
  readonly runtime?: "threads";
  /**
   * Folder that holds one folder per peer, `<shared>/peer-1`..., made where they are missing. Default: `shared` in the run's folder.
   * Must exist if it is given.
   */
  readonly shared?: string;
  /** Where finished downloads go, as `<downloads>/<peer id>/`. Default: `downloads` in the run's folder. */
  readonly downloads?: string;
  /** Folder of this run: `logs/<peer id>.log`, `state/<peer id>/`. Default: a new folder under `.troupe/runs`. */
  readonly folder?: string;
}

/** How a simulated cluster is made: its folders are on simulated disks, one per peer. */
export interface SimulatedClusterOptions
  extends
    ClusterSettings,
    Pick<SimulationOptions, "latency" | "startLatency" | "disk" | "onTrace"> {
  readonly runtime: "simulation";
  /** What each peer shares from the first: names and bytes, by peer id. */
  readonly files?: Readonly<Record<string, Readonly<Record<string, Uint8Array>>>>;
  /** What is run as a peer; for tests that break one. */
  readonly peer?: ActorDefinition<PeerArgs, PeerProtocol>;
}

/** `peer-3`, `3`, or `tracker`, the present one. */
export type Target = string | number;

/**
 * How a peer is crashed: its thread is ended from outside (`terminate`), it throws (`throw`), its event loop blocks so that
 * it hears and says nothing until it is killed (`hang`), it ends its own thread (`exit`), it fills its heap (`memory`).
 */
export type CrashKind = "terminate" | "throw" | "hang" | "exit" | "memory";

/** What to download, and how. */
export interface DownloadOptions {
  /** Only this holder, by peer id; default: whoever has it. */
  readonly holder?: string;
  /** Of the downloads that wait, the higher ones are begun first; default 0. */
  readonly priority?: number;
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
  /** All files below `folder`, all there are for `""`; those that fail are named in the result. */
  downloadFolder(folder: string, options?: DownloadOptions): Promise<FolderDownloaded>;
  /** Changes how much it may send and fetch, also for what is under way; what is left out stays. */
  limit(limits: TransferLimits): Promise<void>;
  status(): Promise<PeerStatus>;
  /** What it shares itself (`list my`). */
  files(): Promise<SharedFile[]>;
  /** What the tracker's catalogue holds (`list net`). */
  network(): Promise<FoundFile[]>;
  /** Scans the shared folder again and tells the tracker. */
  refresh(): Promise<RefreshResult>;
  /** Hashes again all that it shares, and gets damaged chunks from others unless `repair` is false. */
  verify(options?: { readonly repair?: boolean }): Promise<VerifyReport>;
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
  /** The votes that a candidate has counted, of those it needs; absent before the first. */
  readonly candidacy?: PeerStatus["candidacy"];
}

/** A registry, a supervisor tree and peers in this process. */
export interface Cluster extends AsyncDisposable {
  readonly seed: string;
  readonly folder: string;
  /** Peer ids in order: `peer-1`... */
  readonly peers: readonly string[];
  /** The folders of a peer. */
  folders(
    peer: Target,
  ): { readonly shared: string; readonly downloads: string; readonly log: string };
  peer(peer: Target): PeerHandle;
  /** What can be done to it besides. */
  readonly faults: Faults;
  /** The name server: `p2p.peer.<id>`, `p2p.tracker.current`, `p2p.tracker.epoch.<epoch>`. */
  readonly registry: Registry;
  readonly time: ClusterTime;
  /** All actors with their mailboxes and what they do now. */
  inspect(): Promise<SystemInfo>;
  /** What is known of every peer now. */
  view(): readonly PeerView[];
  /** Waits until all peers that are up agree on one tracker. Rejects after `timeout` ms (default 10 000). */
  tracker(
    options?: { readonly timeout?: number; readonly above?: number; readonly signal?: AbortSignal },
  ): Promise<Agreement>;
  /** Crashes a peer; gives which. With `hold` it stays down until {@linkcode restart}. */
  crash(target: Target, how?: CrashKind, options?: { readonly hold?: boolean }): Promise<string>;
  /** Starts a peer that is down, or stops and starts one that is up. Settles when it is ready. */
  restart(target: Target): Promise<void>;
  /** Stops a peer in order; it stays down. */
  stop(target: Target): Promise<void>;
  /**
   * Lets a peer vote; gives the voters then. Settles when a quorum knows it. A peer that lost the record of its votes gets a new voter id,
   * since nobody knows what it voted under the old one.
   */
  addVoter(peer: Target): Promise<readonly string[]>;
  /** Lets a peer vote no longer; gives the voters then. A tracker resigns first. It goes on sharing, and follows the tracker. */
  removeVoter(peer: Target): Promise<readonly string[]>;
  /** Crashes the name server; its supervisor restarts it. Settles when the next one answers. */
  crashRegistry(): Promise<void>;
  /** Calls `fn` for every event of one kind, `*` for all. Kinds are listed in docs/events.md. */
  on(
    kind: string,
    fn: (event: SystemEvent) => void,
    options?: { readonly signal?: AbortSignal },
  ): Disposable;
  /** Stops everything in order. Idempotent. */
  close(): Promise<void>;
}

/** A cluster under virtual time: time passes only while somebody waits for something. */
export interface SimulatedCluster extends Cluster {
  /** Time and faults; a peer's place is its name, as `p2p.peer.peer-1`. */
  readonly world: WorldControls;
  /** The disk of a peer. */
  disk(peer: Target): DiskControls;
}
