import type { PeerId } from "../../election/mod.ts";
import type { Observed, Occurrence } from "./observed.ts";

/** Events that can be told of: enough for dozens of epochs of a cluster in trouble. */
const EVENTS = 8_192;

/** What is no evidence of anything, and frequent: not to be noted. */
export const NOISE: ReadonlySet<Observed["kind"]> = new Set([
  "lag",
  "persist",
  "persisted",
  "register",
  "unregister",
]);

/** Remembers the last events, to tell of them when something is broken. Of bounded size. */
export class Journal {
  /** In the order they were noted, but for the place where the newest overwrite the oldest. */
  readonly #events: Occurrence[] = [];
  #next = 0;

  note(occurrence: Occurrence): void {
    this.#events[this.#next] = occurrence;
    this.#next = (this.#next + 1) % EVENTS;
  }

  /** What is known of `epoch`, as far as it is by or about `peers`. */
  evidence(epoch: number, peers: readonly PeerId[]): Occurrence[] {
    const events = [...this.#events.slice(this.#next), ...this.#events.slice(0, this.#next)];
    return events.filter(({ peer, event }) =>
      "epoch" in event && event.epoch === epoch && concerns(peer, event, peers)
    );
  }
}

function concerns(peer: PeerId, event: Observed, peers: readonly PeerId[]): boolean {
  if (event.kind === "deny" || event.kind === "prevote_grant") return false;
  if (peers.includes(peer)) return true;
  return (event.kind === "grant" && peers.includes(event.candidate)) ||
    (event.kind === "stored" && event.votedFor !== undefined && peers.includes(event.votedFor));
}
