import { count } from "../../text/listing.ts";
import { unlessAborted } from "../../waiting.ts";
import type { ConsoleCommand } from "../command.ts";
import type { Session } from "../session.ts";

/** `use <peer>` */
export const use: ConsoleCommand = {
  name: "use",
  aliases: ["u"],
  usage: "<peer|tracker>",
  summary: "move this console to another peer",
  words: [1, 1],
  completes: ["peer"],
  run(session, [word = ""]) {
    session.use(session.peerCalled(word));
    // The prompt says it where there is one.
    if (session.ask === undefined) session.print(`at ${session.peer}`);
    return Promise.resolve();
  },
};

/** `quit` */
export const quit: ConsoleCommand = {
  name: "quit",
  aliases: ["q", "exit"],
  usage: "",
  summary: "stop the cluster, every peer of it; from another terminal only this peer",
  words: [0, 0],
  async run(session, _args, signal) {
    if (session.guest !== undefined) return await quitPeer(session, signal);
    session.quitting = true;
    const running = session.downloads.size;
    session.print(
      `stopping the cluster, ${count(session.cluster.peers.length, "peer")}` +
        (running === 0 ? "" : `; ${count(running, "download")} not finished`),
    );
  },
};

/** Whoever has come from outside stops the peer it stands at, and leaves; a person is asked first. */
async function quitPeer(session: Session, signal: AbortSignal): Promise<void> {
  const { peer } = session;
  const answer = await session.ask?.(`stop ${peer}, for everybody? [y/N] `);
  if (session.ask !== undefined && !/^y(es)?$/i.test(answer?.trim() ?? "")) {
    return session.print(`${peer} runs on; Ctrl-D detaches`);
  }
  await unlessAborted(session.cluster.stop(peer), signal);
  session.print(`stopped ${peer}`);
  session.quitting = true;
}
