import type { PeerId } from "../../election/mod.ts";

/** Epochs whose facts are remembered. */
const EPOCHS = 512;

/** That some of `of` did something before `at`, of which the log may not tell yet. */
interface Claim {
  readonly fact: string;
  readonly at: number;
  /** Those that may still turn out to have done it. */
  readonly of: Set<PeerId>;
  need: number;
  /** One of them died: its last events may be lost. */
  excused: boolean;
  readonly unmet: () => void;
}

interface Source {
  /** Facts by epoch, the oldest epoch first. */
  readonly facts: Map<number, string[]>;
  readonly open: Set<Claim>;
  /** When the last event was that came of it. */
  at: number;
  diedAt: number;
}

/**
 * Joins what one peer tells with what another told, or is about to tell. Peers' events come in order each, but not among each other:
 * a claim about a peer is unmet only when that peer's own log has gone past it. What a dead peer took along excuses it.
 */
export class Claims {
  readonly #complete: boolean;
  readonly #sources = new Map<PeerId, Source>();

  /** @param complete whether events come in order of time, and all of them */
  constructor(complete: boolean) {
    this.#complete = complete;
  }

  /** `peer` did it, in `epoch`. */
  know(peer: PeerId, epoch: number, fact: string): void {
    const { facts, open } = this.#source(peer);
    let known = facts.get(epoch);
    if (known === undefined) {
      facts.set(epoch, known = []);
      if (facts.size > EPOCHS) facts.delete(facts.keys().next().value!);
    }
    // A handful at most.
    if (!known.includes(fact)) known.push(fact);
    if (open.size === 0) return;
    for (const claim of [...open]) {
      if (claim.fact !== fact || !claim.of.has(peer)) continue;
      claim.of.delete(peer);
      open.delete(claim);
      if (--claim.need === 0) this.#close(claim);
    }
  }

  knows(peer: PeerId, epoch: number, fact: string): boolean {
    return this.#source(peer).facts.get(epoch)?.includes(fact) ?? false;
  }

  /** At least `need` of `peers` did it before `at`; else `unmet` is called, once that is sure. */
  claim(
    peers: readonly PeerId[],
    need: number,
    epoch: number,
    fact: string,
    at: number,
    unmet: () => void,
  ): void {
    let left = need;
    for (let i = 0; i < peers.length && left > 0; i++) {
      if (this.knows(peers[i]!, epoch, fact)) left--;
    }
    if (left <= 0) return;
    if (this.#complete) return unmet();
    const claim: Claim = { fact, at, of: new Set(), need: left, excused: false, unmet };
    for (const peer of peers) {
      if (this.knows(peer, epoch, fact)) continue;
      const source = this.#source(peer);
      if (source.diedAt >= at) claim.excused = true;
      else if (source.at <= at) {
        claim.of.add(peer);
        source.open.add(claim);
      }
    }
    this.#judge(claim);
  }

  /** An event of `peer` came, and all that it tells is known. */
  heard(peer: PeerId, at: number): void {
    const source = this.#source(peer);
    source.at = at;
    for (const claim of source.open) if (claim.at < at) this.#ruleOut(peer, source, claim);
  }

  /** `peer` died; whether its last events came is unknown. */
  died(peer: PeerId, at: number): void {
    const source = this.#source(peer);
    source.diedAt = at;
    for (const claim of source.open) {
      claim.excused = true;
      this.#ruleOut(peer, source, claim);
    }
  }

  #ruleOut(peer: PeerId, source: Source, claim: Claim): void {
    source.open.delete(claim);
    claim.of.delete(peer);
    this.#judge(claim);
  }

  #judge(claim: Claim): void {
    if (claim.of.size >= claim.need) return;
    this.#close(claim);
    if (!claim.excused) claim.unmet();
  }

  #close(claim: Claim): void {
    for (const peer of claim.of) this.#source(peer).open.delete(claim);
    claim.of.clear();
  }

  #source(peer: PeerId): Source {
    let source = this.#sources.get(peer);
    if (source === undefined) {
      source = { facts: new Map(), open: new Set(), at: -Infinity, diedAt: -Infinity };
      this.#sources.set(peer, source);
    }
    return source;
  }
}
