import type { PeerId } from "../../election/mod.ts";
import type { Observed, Occurrence } from "./observed.ts";

/** Epochs that can be told of, and events of each. */
const EPOCHS = 32;
const EVENTS = 256;

/** What is no evidence of anything, and frequent. */
const NOISE: ReadonlySet<Observed["kind"]> = new Set([
  "lag",
  "persist",
  "persisted",
  "register",
  "unregister",
]);

/** Remembers the last epochs' events, to tell of them when something is broken. Of bounded size. */
export class Journal {
  readonly #epochs = new Map<number, Occurrence[]>();

  note(occurrence: Occurrence): void {
    const { event } = occurrence;
    if (!("epoch" in event) || NOISE.has(event.kind)) return;
    let events = this.#epochs.get(event.epoch);
    if (events === undefined) {
      this.#epochs.set(event.epoch, events = []);
      if (this.#epochs.size > EPOCHS) this.#epochs.delete(this.#epochs.keys().next().value!);
    }
    if (events.length < EVENTS) events.push(occurrence);
  }

  /** What is known of `epoch`, as far as it is by or about `peers`. */
  evidence(epoch: number, peers: readonly PeerId[]): Occurrence[] {
    const events = this.#epochs.get(epoch) ?? [];
    return events.filter((event) => concerns(event, peers));
  }
}

function concerns({ peer, event }: Occurrence, peers: readonly PeerId[]): boolean {
  if (event.kind === "deny" || event.kind === "prevote_grant") return false;
  if (peers.includes(peer)) return true;
  return (event.kind === "grant" && peers.includes(event.candidate)) ||
    (event.kind === "stored" && event.votedFor !== undefined && peers.includes(event.votedFor));
}
