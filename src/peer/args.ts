import type { TransferLimits } from "./limits.ts";

/** How a peer's election is timed and counted; see the election's options. */
export interface ElectionSettings {
  readonly profile: "default" | "fast" | "turbo" | "seed" | "crowd";
  /** Milliseconds; override the profile's. */
  readonly timers?: {
    readonly heartbeat?: number;
    readonly timeoutMin?: number;
    readonly timeoutMax?: number;
  };
  /** `seed-literal` is unsafe: the seed's own voting, for experiments. */
  readonly protocol?: "troupe" | "seed-literal";
  readonly quorum?: number;
  readonly unsafe?: boolean;
  /** Whether the end of the tracker's thread, as the runtime reports it, starts an election at once. */
  readonly downDetector?: boolean;
}

/** What a peer is started with. Folders are absolute and exist. */
export interface PeerArgs {
  /** Stable, chosen once: who votes (reference `election.md` R1). */
  readonly id: string;
  /** The peers that may vote at first. This one is a learner if it is not among them. */
  readonly electorate: readonly string[];
  readonly shared: string;
  readonly downloads: string;
  readonly state: string;
  readonly election: ElectionSettings;
  readonly limits?: TransferLimits;
  /** Whether every message between peers is told as an event; default false. */
  readonly traceMessages?: boolean;
  /** Whether changes in the shared folder are noticed by themselves, where the disk tells of them. */
  readonly watch?: boolean;
}

/** What orders peers in a tie: stable, so that a restart does not change who yields to whom. */
export function uriOf(peer: string): string {
  return `troupe:${peer}`;
}
