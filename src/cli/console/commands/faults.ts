import type { CrashKind } from "../../../cluster/api.ts";
import { ConsoleError, errorText } from "../../errors.ts";
import { formatDuration } from "../../text/duration.ts";
import { unlessAborted } from "../../waiting.ts";
import type { ConsoleCommand } from "../command.ts";
import { usageOf } from "../command.ts";
import type { Session } from "../session.ts";

const KINDS: readonly CrashKind[] = ["terminate", "throw", "hang", "exit"];
/** Milliseconds that a console waits for a new tracker before it says that there is none. */
const TRACKER_WITHIN = 10_000;

/** `crash [peer|tracker] [kind] [hold]` */
export const crash: ConsoleCommand = {
  name: "crash",
  aliases: ["c"],
  usage: `[peer|tracker] [${KINDS.join("|")}] [hold]`,
  summary: "crash this peer or another; with hold it stays down until restart",
  words: [0, 3],
  completes: ["peer", [...KINDS, "hold"], ["hold"]],
  async run(session, args, signal) {
    const { peer, how, hold } = order(session, args);
    const before = session.cluster.view().find(({ id }) => id === peer);
    const from = performance.now();
    await unlessAborted(session.cluster.crash(peer, how, { hold }), signal);
    const was = before?.role === "tracker" ? `, it was tracker of epoch ${before.epoch}` : "";
    session.print(`crashed ${peer} (${how ?? "terminate"})${was}${hold ? "; it stays down" : ""}`);
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
  },
};

/** `election` */
export const election: ConsoleCommand = {
  name: "election",
  aliases: ["e"],
  usage: "",
  summary: "start an election, as if the tracker were lost",
  words: [0, 0],
  async run(session, _args, signal) {
    const before = Math.max(0, ...session.cluster.view().map(({ epoch }) => epoch));
    const from = performance.now();
    await unlessAborted(session.handle.election(), signal);
    session.print(`${session.peer} starts an election`);
    await nextTracker(session, before, from, signal);
  },
};

function order(
  session: Session,
  args: readonly string[],
): { peer: string; how: CrashKind | undefined; hold: boolean } {
  let [peer, how, hold]: [string | undefined, CrashKind | undefined, boolean] = [
    undefined,
    undefined,
    false,
  ];
  for (const word of args) {
    const kind = KINDS.find((known) => known === word.toLowerCase());
    if (kind !== undefined && how === undefined) how = kind;
    else if (word.toLowerCase() === "hold" && !hold) hold = true;
    else if (peer === undefined) peer = session.peerCalled(word);
    else throw new ConsoleError(`What is "${word}"? Usage: ${usageOf(crash)}`);
  }
  return { peer: peer ?? session.peer, how, hold };
}

/** Waits for the tracker after `epoch` and tells who it is, or that there is none: with too few peers up, there can be none. */
async function nextTracker(
  session: Session,
  epoch: number,
  from: number,
  signal: AbortSignal,
): Promise<void> {
  try {
    const next = await session.cluster.tracker({ above: epoch, timeout: TRACKER_WITHIN, signal });
    session.print(
      `tracker is ${next.tracker}, epoch ${next.epoch}, all agree after ` +
        formatDuration(performance.now() - from),
    );
  } catch (error) {
    signal.throwIfAborted();
    const up = session.cluster.view().filter((view) => view.up).length;
    throw new ConsoleError(
      `No new tracker: ${errorText(error)}; ${up} of ${session.cluster.peers.length} peers are up`,
      { cause: error },
    );
  }
}
