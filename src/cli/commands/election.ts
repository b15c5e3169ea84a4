import type { Command } from "commander";
import { peerOf } from "../breaking/words.ts";
import type { CliCommand } from "./command.ts";
import { addClusterOption, changingPeer } from "./on_cluster.ts";

/** `troupe election`: has a peer stand. */
export const election: CliCommand = {
  name: "election",
  group: "Break",
  summary: "have a peer start an election, as if the tracker were lost",
  examples: [
    ["troupe election 2", "the others refuse while they hear the tracker"],
    ["troupe election brisk-otter/random", "in one of several clusters"],
  ],
  completes: ["peer"],
  configure(command: Command): void {
    addClusterOption(command.argument("<[cluster/]peer>", "peer-3, 3, tracker or random"));
  },
  run: changingPeer(async (cluster, peer) => {
    const id = peerOf(peer, cluster.view());
    await cluster.peer(id).election();
    return { text: `${id} starts an election`, fields: { election: id } };
  }),
};
