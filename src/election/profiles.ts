/** How fast a peer misses its tracker and says that it is one; all in ms. */
export interface Timers {
  /** Between two heartbeats of a tracker. At most a third of `timeoutMin`, unless elections may come of lost messages. */
  readonly heartbeat: number;
  /** A follower keeps its promise to a tracker that long, and waits at least that long. */
  readonly timeoutMin: number;
  /** A follower waits at most that long. */
  readonly timeoutMax: number;
}

/** A named set of timers. */
export type Profile = "default" | "fast" | "turbo" | "seed" | "crowd";

/** The timers of every profile (§2.2). `seed` are those of the program this one grows from, `crowd` let a hundred threads elect on two cores. */
export const PROFILES: Readonly<Record<Profile, Timers>> = {
  default: { heartbeat: 50, timeoutMin: 150, timeoutMax: 300 },
  fast: { heartbeat: 10, timeoutMin: 30, timeoutMax: 60 },
  turbo: { heartbeat: 5, timeoutMin: 15, timeoutMax: 30 },
  seed: { heartbeat: 100, timeoutMin: 150, timeoutMax: 300 },
  crowd: { heartbeat: 150, timeoutMin: 500, timeoutMax: 2_000 },
};
