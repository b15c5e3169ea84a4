import type { ActorDefinition, Disk, NodeId, Protocol, SystemEvent } from "../actor/mod.ts";
import type { PeerFault } from "../peer/mod.ts";
import type { ActorSystem } from "../runtime/mod.ts";
import type { PeerFolders } from "./folders.ts";
import type { Surroundings } from "./surroundings.ts";
import type { CrashKind } from "./api.ts";

/** How a cluster's system is started. */
export interface Opening {
  readonly root: ActorDefinition<void, Protocol>;
  readonly seed: string | number | undefined;
  readonly onEvent: (event: SystemEvent) => void;
}

/** A peer that is to be broken. */
export interface Victim {
  readonly id: string;
  readonly node: NodeId;
  /** Tells the peer itself to do it. */
  tell(how: PeerFault, flag?: SharedArrayBuffer): void;
}

/** Where a cluster is: what real and simulated ones do each their own way. */
export interface Premises {
  /** The folder of this run. */
  readonly root: string;
  /** The module or the definition that a peer's thread runs. */
  readonly peer: ActorDefinition<never, Protocol>;
  /** Whether shared folders are watched unless told otherwise. */
  readonly watches: boolean;
  /** Makes sure that nobody else uses the folder. */
  claim(): void;
  open(opening: Opening): Promise<ActorSystem>;
  paths(peer: string): PeerFolders;
  /** Makes a peer's folders where they are missing, and gives the disk that they are on. */
  furnish(peer: string): Disk;
  /** Writes down an event that concerns `peer`. */
  log(peer: string, event: SystemEvent): void;
  /** Calls `fn` after `ms` milliseconds of the cluster's time. */
  after(ms: number, fn: () => void): Disposable;
  /** Calls `fn` at `time` milliseconds since the system was made, at once if that is over. */
  at(time: number, fn: () => void): Disposable;
  /** Somebody outside waits for `work`. */
  wait<T>(what: string, work: Promise<T>): Promise<T>;
  /** Breaks a peer. Gives how it is let go where it hangs. */
  strike(victim: Victim, how: CrashKind): (() => void) | undefined;
  /** What faults can change. */
  readonly surroundings: Surroundings;
  close(): void;
}
