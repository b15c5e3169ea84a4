import type { SystemEvent } from "../../../actor/mod.ts";
import { unlessAborted } from "../../waiting.ts";
import type { ConsoleCommand } from "../command.ts";
import { nextTracker, TRACKER_WITHIN } from "../next_tracker.ts";
import { occurrence } from "../occurrence.ts";

/** `election` */
export const election: ConsoleCommand = {
  name: "election",
  aliases: ["e"],
  usage: "",
  summary: "start an election, as if the tracker were lost",
  words: [0, 0],
  async run(session, _args, signal) {
    const { cluster, peer } = session;
    const before = Math.max(0, ...cluster.view().map(({ epoch }) => epoch));
    const from = performance.now();
    using kept = occurrence(cluster, (event) => followsAgain(event, peer, before));
    await unlessAborted(session.handle.election(), signal);
    session.print(`${peer} starts an election`);
    const over = new AbortController();
    const next = nextTracker(session, before, from, AbortSignal.any([signal, over.signal]));
    const elected = next.then(() => false, () => false);
    if (!await Promise.race([kept.within(TRACKER_WITHIN), elected])) return await next;
    over.abort();
    await elected;
    const tracker = session.view?.tracker ?? "the tracker";
    session.print(`the others hear ${tracker}: it stays tracker of epoch ${before}`);
  },
};

/** Whoever asks for votes while the others hear a tracker is refused, and goes back to it. */
function followsAgain({ kind, data }: SystemEvent, peer: string, epoch: number): boolean {
  return kind === "peer.role" && data["peer"] === peer && data["role"] === "follower" &&
    data["epoch"] === epoch && typeof data["tracker"] === "string";
}
