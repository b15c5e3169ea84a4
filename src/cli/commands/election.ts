import type { Command } from "commander";
import { peerOf } from "../breaking/words.ts";
import { whereOf } from "../control/running.ts";
import { EXIT } from "../exit_codes.ts";
import type { CliCommand } from "./command.ts";
import type { ClusterOption } from "./on_cluster.ts";
import { addClusterOption, onCluster, tellDone } from "./on_cluster.ts";

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
  async run(options, context) {
    const { cluster, peer = "" } = whereOf(context.args[0]);
    const name = cluster ?? (options as ClusterOption).cluster;
    return await onCluster(context, name, async (remote) => {
      const id = peerOf(peer, remote.view());
      await remote.peer(id).election();
      tellDone(context, remote, `${id} starts an election`, { election: id });
      return EXIT.ok;
    });
  },
};
