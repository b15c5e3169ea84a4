import type { DiskTrouble, LinkRule } from "../runtime/mod.ts";
import type { FaultVerb } from "./faults.ts";

/** What is around the peers, as far as faults change it; each runtime does so its own way. Peers are told by their ids. */
export interface Surroundings {
  /** Why `verb` cannot be done here; undefined if it can. */
  refusal(verb: FaultVerb): string | undefined;
  /** How messages travel between two peers, one way, whether they are up or not. */
  link(from: string, to: string, rule: LinkRule): void;
  /** What is wrong with a peer's disk, whether the peer is up or not. */
  disk(peer: string, trouble: DiskTrouble): void;
  /** Stops a peer that is up, or lets it go on. */
  pause(peer: string, paused: boolean): void;
  /** Milliseconds of its thread's time that everything takes at a peer that is up. */
  slow(peer: string, ms: number): void;
  /** How the clock of a peer that is up goes, and by how many milliseconds its wall clock is ahead. */
  clock(peer: string, clock: { readonly rate: number; readonly skew: number }): void;
  /** The clock of a peer that is up jumps ahead. */
  jump(peer: string, ms: number): void;
  /** A peer has ended: what concerned only that life of it is forgotten. */
  gone(peer: string): void;
}
