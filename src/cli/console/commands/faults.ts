import type { CrashKind } from "../../../cluster/api.ts";
import type { Crashing } from "../../breaking/breaking.ts";
import { CRASH_KINDS } from "../../breaking/breaking.ts";
import { downText } from "../../breaking/told.ts";
import { lastingOf } from "../../breaking/words.ts";
import { ConsoleError } from "../../errors.ts";
import { unlessAborted } from "../../waiting.ts";
import type { ConsoleCommand } from "../command.ts";
import { usageOf } from "../command.ts";
import { nextTracker } from "../next_tracker.ts";
import { occurrence } from "../occurrence.ts";
import type { Session } from "../session.ts";
import { catalogueSettled } from "../settled.ts";

/** Milliseconds that a peer may take to be gone. */
const DOWN_WITHIN = 5_000;

/** `crash [peer|tracker] [kind] [hold | for <time>]` */
export const crash: ConsoleCommand = {
  name: "crash",
  aliases: ["c"],
  usage: `[peer|tracker] [${CRASH_KINDS.join("|")}] [hold | for <time>]`,
  summary: "crash this peer or another; it stays down with hold, or for a time",
  words: [0, 4],
  completes: ["peer", [...CRASH_KINDS, "hold", "for"], ["hold", "for"]],
  async run(session, args, signal) {
    const { peer, how, ...lasts } = order(session, args);
    const before = session.cluster.view().find(({ id }) => id === peer);
    const from = performance.now();
    using down = occurrence(
      session.cluster,
      ({ kind, data }) => kind === "peer.down" && data["peer"] === peer,
    );
    await unlessAborted(session.breaking.crash(peer, how, lasts), signal);
    // What hangs is found out by the others first, which is what one wants to see.
    if (how !== "hang") await unlessAborted(down.within(DOWN_WITHIN), signal);
    const was = before?.role === "tracker" ? `, it was tracker of epoch ${before.epoch}` : "";
    session.print(`crashed ${peer} (${how ?? "terminate"})${was}${downText(lasts)}`);
    if (before?.role === "tracker") await nextTracker(session, before.epoch, from, signal);
  },
};

/** `restart [peer]` */
export const restart: ConsoleCommand = {
  name: "restart",
  aliases: [],
  usage: "[peer]",
  summary: "start a peer that is down, or stop and start one that is up",
  words: [0, 1],
  completes: ["peer"],
  async run(session, [word], signal) {
    const peer = word === undefined ? session.peer : session.peerCalled(word);
    await unlessAborted(session.cluster.restart(peer), signal);
    session.print(`restarted ${peer}`);
    if (!session.background) await catalogueSettled(session.cluster, signal);
  },
};

function order(
  session: Session,
  args: readonly string[],
): Crashing & { readonly peer: string; readonly how: CrashKind | undefined } {
  const { words, forMs } = lastingOf(args);
  let [peer, how, hold]: [string | undefined, CrashKind | undefined, boolean] = [
    undefined,
    undefined,
    false,
  ];
  for (const word of words) {
    const kind = CRASH_KINDS.find((known) => known === word.toLowerCase());
    if (kind !== undefined && how === undefined) how = kind;
    else if (word.toLowerCase() === "hold" && !hold) hold = true;
    else if (peer === undefined) peer = session.peerCalled(word);
    else throw new ConsoleError(`What is "${word}"? Usage: ${usageOf(crash)}`);
  }
  return { peer: peer ?? session.peer, how, hold, forMs };
}
