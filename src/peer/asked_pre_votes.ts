import type { Event, PeerId } from "../election/mod.ts";

/** A message as the election takes it. */
export type MessageEvent = Extract<Event, { kind: "message" }>;

/** A pre-vote that was asked for, and the id of the message where messages are traced. */
export interface AskedPreVote {
  readonly event: MessageEvent;
  readonly mid: string | undefined;
}

/**
 * Pre-votes that others asked for. Who hears first that the tracker has ended asks those who have not heard yet, and is refused for the
 * sake of their promise; when they hear of it, they take the question as if it came again. Networks deliver twice anyway, so that the
 * rules need not know (reference `election.md` §4.5).
 */
export class AskedPreVotes {
  readonly #latest = new Map<PeerId, AskedPreVote>();

  /** Keeps the latest of each peer. */
  note(event: MessageEvent, mid: string | undefined): void {
    if (event.message.kind === "PREVOTE") this.#latest.set(event.from, { event, mid });
  }

  /** Those for an epoch above `epoch`; all are forgotten. */
  take(epoch: number): AskedPreVote[] {
    const asked = [...this.#latest.values()];
    this.#latest.clear();
    return asked.filter(({ event }) => event.message.epoch > epoch);
  }
}
