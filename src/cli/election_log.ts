import type { SystemEvent } from "../actor/mod.ts";

/** How long the network was without a tracker. */
export interface Failover {
  /** Milliseconds from the crash to the new tracker. */
  readonly total: number;
  /** Until the first survivor asked for votes, and from there on; undefined if the events do not tell. */
  readonly parts: { readonly notice: number; readonly elect: number } | undefined;
}

/** Reads elections off the event stream. */
export class ElectionLog {
  /** Trackers by epoch. */
  readonly #trackers = new Map<number, Set<string>>();
  readonly #events: SystemEvent[] = [];

  /** Takes in one event, of whatever kind. */
  add(event: SystemEvent): void {
    if (!/^(peer\.|election\.|fault\.)/.test(event.kind)) return;
    this.#events.push(event);
    const { epoch, peer } = event.data;
    if (isTracker(event) && typeof epoch === "number" && typeof peer === "string") {
      this.saw(peer, epoch);
    }
  }

  /** `peer` was tracker in `epoch`, as somebody else has found out. */
  saw(peer: string, epoch: number): void {
    this.#trackers.set(epoch, (this.#trackers.get(epoch) ?? new Set()).add(peer));
  }

  /** Epochs that had a tracker. */
  get epochs(): readonly number[] {
    return [...this.#trackers.keys()].sort((a, b) => a - b);
  }

  /** Epochs that had two or more. */
  get conflicts(): readonly { readonly epoch: number; readonly trackers: readonly string[] }[] {
    return [...this.#trackers]
      .filter(([, trackers]) => trackers.size > 1)
      .map(([epoch, trackers]) => ({ epoch, trackers: [...trackers].sort() }));
  }

  /** Peers that voted for the tracker of `epoch`, as far as the events tell. */
  votes(epoch: number): number | undefined {
    const win = this.#events.find(({ kind, data }) =>
      kind === "election.win" && data["epoch"] === epoch
    );
    const tally = win?.data["tally"];
    return Array.isArray(tally) ? tally.length : undefined;
  }

  /** The last crash and what followed; undefined if there was none, or no tracker since. */
  failover(): Failover | undefined {
    const from = this.#events.findLastIndex(({ kind }) => kind === "fault.crash");
    const crash = this.#events[from];
    if (crash === undefined) return undefined;
    // Threads report on ports of their own, so the order of arrival is not the order of events.
    const after = this.#events.filter((event) => event.at > crash.at);
    const won = earliest(after.filter(isTracker));
    if (won === undefined) return undefined;
    const asked = earliest(after.filter(isAsking));
    const parts = asked === undefined || asked > won
      ? undefined
      : { notice: asked - crash.at, elect: won - asked };
    return { total: won - crash.at, parts };
  }
}

function isTracker({ kind, data }: SystemEvent): boolean {
  return kind === "peer.role" && data["role"] === "tracker";
}

/** Whoever asks whether it might stand has noticed already that the tracker is gone. */
function isAsking({ kind }: SystemEvent): boolean {
  return kind === "election.prevote" || kind === "election.candidate";
}

function earliest(events: readonly SystemEvent[]): number | undefined {
  return events.length === 0 ? undefined : Math.min(...events.map(({ at }) => at));
}
