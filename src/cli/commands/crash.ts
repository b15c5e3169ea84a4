import type { Command } from "commander";
import { Option } from "commander";
import type { CrashKind } from "../../cluster/api.ts";
import { peerOf } from "../breaking/words.ts";
import { whereOf } from "../control/running.ts";
import { EXIT } from "../exit_codes.ts";
import type { CliCommand } from "./command.ts";
import type { ClusterOption } from "./on_cluster.ts";
import { addClusterOption, onCluster, tellDone } from "./on_cluster.ts";

const KINDS: readonly CrashKind[] = ["terminate", "throw", "hang", "exit"];

/** `troupe crash`: crashes a peer of a running cluster. */
export const crash: CliCommand = {
  name: "crash",
  group: "Break",
  summary: "crash a peer of a running cluster",
  examples: [
    ["troupe crash tracker", "its supervisor starts it again"],
    ["troupe crash random --how hang", "a peer whose event loop blocks"],
    ["troupe crash brisk-otter/3 --hold", "stays down until troupe restart"],
  ],
  completes: ["peer"],
  configure(command: Command): void {
    addClusterOption(command.argument("<[cluster/]peer>", "peer-3, 3, tracker or random"))
      .addOption(
        new Option("--how <kind>", "what happens to its thread").choices([...KINDS])
          .default("terminate"),
      )
      .option("--hold", "it stays down until it is restarted");
  },
  async run(options, context) {
    const { how, hold = false, cluster: named } = options as unknown as ClusterOption & {
      readonly how: CrashKind;
      readonly hold?: boolean;
    };
    const { cluster, peer = "" } = whereOf(context.args[0]);
    return await onCluster(context, cluster ?? named, async (remote) => {
      const id = peerOf(peer, remote.view());
      const was = remote.view().find((view) => view.id === id);
      await remote.crash(id, how, { hold });
      const office = was?.role === "tracker" ? `, it was tracker of epoch ${was.epoch}` : "";
      const text = `crashed ${id} (${how})${office}${hold ? "; it stays down" : ""}`;
      tellDone(context, remote, text, { crashed: id, how, hold, role: was?.role });
      return EXIT.ok;
    });
  },
};
