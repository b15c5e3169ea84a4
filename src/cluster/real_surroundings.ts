import { peerName } from "../peer/mod.ts";
import type { DiskTrouble, LinkRule } from "../runtime/mod.ts";
import { FaultBoard } from "../runtime/mod.ts";
import type { FaultVerb } from "./faults.ts";
import type { Surroundings } from "./surroundings.ts";

/** Why threads cannot do some faults. */
const REFUSALS: Readonly<Partial<Record<FaultVerb, string>>> = {
  clock: "threads share the clock of their machine; run it in simulation",
};

/** Faults of threads, by the memory that they share. */
export class RealSurroundings implements Surroundings {
  readonly board: FaultBoard;

  constructor(peers: readonly string[]) {
    this.board = new FaultBoard(peers.map(peerName));
  }

  refusal(verb: FaultVerb): string | undefined {
    return REFUSALS[verb];
  }

  link(from: string, to: string, rule: LinkRule): void {
    this.board.link(peerName(from), peerName(to), rule);
  }

  disk(peer: string, trouble: DiskTrouble): void {
    this.board.disk(peerName(peer), trouble);
  }

  pause(peer: string, paused: boolean): void {
    if (paused) this.board.pause(peerName(peer));
    else this.board.resume(peerName(peer));
  }

  slow(peer: string, ms: number): void {
    this.board.slow(peerName(peer), ms);
  }

  clock(): void {}

  jump(): void {}

  gone(peer: string): void {
    this.board.resume(peerName(peer));
  }
}
