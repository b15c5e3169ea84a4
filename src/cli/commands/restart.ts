import type { Command } from "commander";
import { peerOf } from "../breaking/words.ts";
import { whereOf } from "../control/running.ts";
import { EXIT } from "../exit_codes.ts";
import type { CliCommand } from "./command.ts";
import type { ClusterOption } from "./on_cluster.ts";
import { addClusterOption, onCluster, tellDone } from "./on_cluster.ts";

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
  async run(options, context) {
    const { cluster, peer = "" } = whereOf(context.args[0]);
    const name = cluster ?? (options as ClusterOption).cluster;
    return await onCluster(context, name, async (remote) => {
      const ids = peer.toLowerCase() === "all" ? remote.peers : [peerOf(peer, remote.view())];
      for (const id of ids) await remote.restart(id);
      tellDone(context, remote, `restarted ${ids.join(", ")}`, { restarted: ids });
      return EXIT.ok;
    });
  },
};
