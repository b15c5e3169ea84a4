import { count } from "../../text/listing.ts";
import type { ConsoleCommand } from "../command.ts";

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
  summary: "stop the cluster, every peer of it",
  words: [0, 0],
  run(session) {
    session.quitting = true;
    const running = session.downloads.size;
    session.print(
      `stopping the cluster, ${count(session.cluster.peers.length, "peer")}` +
        (running === 0 ? "" : `; ${count(running, "download")} not finished`),
    );
    return Promise.resolve();
  },
};
