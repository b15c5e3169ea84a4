import type { Failover, TraceLine } from "./run_result.ts";

/** Ms after the end of a fault within which a tracker that is given up is still lost by it. */
const AFTERMATH = 1_000;

/** What a journal tells of its trackers' changes. */
export interface Failovers {
  readonly failovers: readonly Failover[];
  /** Changes of a tracker that no fault had struck. */
  readonly spurious: number;
}

interface Office {
  readonly peer: string;
  readonly epoch: number;
}

/** A tracker that is lost, until all agree on the next. */
interface Open {
  readonly at: number;
  readonly lost: Office;
  detected?: number;
  won?: { readonly at: number; readonly office: Office; readonly stood: number };
  registered?: number;
  split: boolean;
}

/**
 * Finds every loss of a tracker in the lines of a run, and how long each step to the next took (reference `election.md` §4.7). A loss that is
 * not made good by the end of the run is left out: liveness is for checks.
 */
export function failoversOf(lines: readonly TraceLine[]): Failovers {
  const finder = new Finder();
  for (const line of lines) finder.see(line);
  return { failovers: finder.failovers, spurious: finder.spurious };
}

class Finder {
  readonly failovers: Failover[] = [];
  spurious = 0;
  /** What each peer that is up follows. */
  readonly #follows = new Map<string, Office | undefined>();
  /** Faults by id: whom they strike, and until when. */
  readonly #faults = new Map<string, { readonly line: TraceLine; until: number }>();
  /** When each candidacy began, by epoch and peer. */
  readonly #stood = new Map<string, number>();
  readonly #wins = new Set<number>();
  #tracker: Office | undefined;
  #open: Open | undefined;
  /** When the present tracker was given up first. */
  #doubted: number | undefined;

  see(line: TraceLine): void {
    const { kind, peer = "", t, epoch = 0, data = {} } = line;
    switch (kind) {
      case "lab.fault":
        this.#faults.set(String(data["id"]), { line, until: Infinity });
        return;
      case "lab.undone": {
        const fault = this.#faults.get(String(data["id"]));
        if (fault !== undefined) fault.until = t;
        return;
      }
      case "lab.failed":
        return void this.#faults.delete(String(data["id"]));
      case "election.forget":
        if (data["tracker"] === this.#tracker?.peer) this.#doubted ??= t;
        return;
      case "election.prevote":
        if (peer !== this.#tracker?.peer) this.#doubted ??= t;
        return;
      case "election.follow":
        // One that gave its tracker up and found it again was hasty.
        if (this.#tracker !== undefined && epoch === this.#tracker.epoch) this.#doubted = undefined;
        return;
      case "election.candidate":
        this.#doubted ??= t;
        return void this.#stood.set(`${epoch} ${peer}`, t);
      case "election.win":
        return this.#won(t, { peer, epoch });
      case "tracker.registered":
        if (this.#open?.won?.office.epoch === epoch) this.#open.registered ??= t;
        return;
      case "peer.up":
        this.#follows.set(peer, undefined);
        return;
      case "peer.down":
        this.#follows.delete(peer);
        return this.#look(t);
      case "peer.role": {
        const tracker = data["tracker"];
        this.#follows.set(
          peer,
          typeof tracker === "string" ? { peer: tracker, epoch } : undefined,
        );
        return this.#look(t);
      }
    }
  }

  #won(t: number, office: Office): void {
    this.#wins.add(office.epoch);
    const before = this.#tracker;
    if (before !== undefined && office.epoch <= before.epoch) return;
    this.#tracker = office;
    const doubted = this.#doubted;
    this.#doubted = undefined;
    if (before === undefined) return;
    const stood = this.#stood.get(`${office.epoch} ${office.peer}`) ?? t;
    if (this.#open === undefined) {
      const lostAt = this.#lossOf(before.peer, doubted ?? t);
      if (lostAt === undefined) return void this.spurious++;
      this.#open = { at: lostAt, lost: before, split: false };
    }
    if (this.#open.won !== undefined) return;
    this.#open.detected = Math.max(this.#open.at, Math.min(doubted ?? stood, stood));
    this.#open.won = { at: t, office, stood };
    this.#open.split = [...this.#stood.keys()].some((key) => {
      const epoch = Number(key.slice(0, key.indexOf(" ")));
      return epoch > before.epoch && epoch < office.epoch && !this.#wins.has(epoch);
    });
  }

  /** When the fault struck that `peer` was lost by, given up at `doubted`. */
  #lossOf(peer: string, doubted: number): number | undefined {
    let at: number | undefined;
    for (const { line, until } of this.#faults.values()) {
      if (line.t > doubted || until < doubted - AFTERMATH) continue;
      if (strikes(line, peer)) at = line.t;
    }
    return at;
  }

  /** Whether all that are up follow one that is up: then what was lost is made good. */
  #look(t: number): void {
    const open = this.#open;
    if (open?.won === undefined) return;
    const [first] = this.#follows.values();
    if (first === undefined || !this.#follows.has(first.peer)) return;
    for (const office of this.#follows.values()) {
      if (office?.epoch !== first.epoch || office.peer !== first.peer) return;
    }
    this.#open = undefined;
    const { won, at, lost, split, detected = at } = open;
    const named = open.registered ?? won.at;
    this.failovers.push({
      at,
      lost: lost.peer,
      next: won.office.peer,
      epoch: won.office.epoch,
      detect: detected - at,
      prevote: won.stood - detected,
      vote: won.at - won.stood,
      register: named - won.at,
      adopt: t - named,
      win: won.at - at,
      all: t - at,
      epochs: won.office.epoch - lost.epoch,
      split,
    });
  }
}

/** Whether a fault takes something from `peer` that a tracker needs. */
function strikes({ data = {} }: TraceLine, peer: string): boolean {
  const peers = data["peers"] as readonly string[] | undefined ?? [];
  if (data["verb"] === "campaign") return true;
  if (peers.includes(peer)) return true;
  const details = data["with"] as Readonly<Record<string, unknown>> | undefined ?? {};
  const to = details["to"] as readonly string[] | undefined ?? [];
  const cuts = details["cuts"] as readonly (readonly [string, readonly string[]])[] | undefined;
  return to.includes(peer) ||
    (cuts?.some(([from, others]) => from === peer || others.includes(peer)) ?? false);
}
