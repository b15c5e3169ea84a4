import type { Command } from "commander";
import { peerOf } from "../breaking/words.ts";
import type { CliCommand } from "./command.ts";
import { addClusterOption, changingPeer } from "./on_cluster.ts";

/** `troupe restart`: starts peers again. */
export const restart: CliCommand = {
  name: "restart",
  group: "Break",
  summary: "start a peer that is down, or stop and start one that is up",
  examples: [
    ["troupe restart 3", "settles when it is up"],
    ["troupe restart all", "every peer, one after the other"],
  ],
  completes: ["peer"],
  configure(command: Command): void {
    addClusterOption(command.argument("<[cluster/]peer|all>", "peer-3, 3, tracker, random or all"));
  },
  run: changingPeer(async (cluster, peer) => {
    const all = peer.toLowerCase() === "all";
    const ids = all ? cluster.peers : [peerOf(peer, cluster.view())];
    for (const id of ids) await cluster.restart(id);
    return { text: `restarted ${ids.join(", ")}`, fields: { restarted: ids } };
  }),
};
