/** Votes that are remembered. */
const KEPT = 8;

/** A vote of this peer, for people to look at. */
export interface RememberedVote {
  readonly epoch: number;
  readonly candidate: string;
}

/** The last few votes of a peer, newest epoch first: what `status` shows. The election itself needs only the disk's. */
export class VoteMemory {
  #list: readonly RememberedVote[] = [];

  get list(): readonly RememberedVote[] {
    return this.#list;
  }

  /** A vote given, or given away, in `epoch`. */
  add(epoch: number, candidate: string): void {
    const others = this.#list.filter((vote) => vote.epoch !== epoch);
    this.#list = [{ epoch, candidate }, ...others].slice(0, KEPT);
  }
}
