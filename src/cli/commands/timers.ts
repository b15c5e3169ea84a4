import type { Command } from "commander";
import { peerOf } from "../breaking/words.ts";
import type { CliCommand } from "./command.ts";
import { addClusterOption, changing } from "./on_cluster.ts";

/** `troupe timers`: sets election timers. */
export const timers: CliCommand = {
  name: "timers",
  group: "Break",
  summary: "let election timers end at one moment, or far from each other",
  examples: [
    ["troupe timers align", "forces a split vote at the next election"],
    ["troupe timers spread 2 3", "of two peers only"],
  ],
  completes: [["align", "spread"], "peer"],
  configure(command: Command): void {
    addClusterOption(
      command.argument("<align|spread>", "at one moment, or far from each other")
        .argument("[peers...]", "whose; everybody's unless given"),
    );
  },
  run: changing(async (cluster, _options, [how = "", ...words]) => {
    const peers = words.map((word) => peerOf(word, cluster.view()));
    // What is neither is refused over there, in the cluster's own words.
    await cluster.breaking.timers(how as "align" | "spread", peers);
    const text = `timers of ${peers.length === 0 ? "all peers" : peers.join(", ")}: ${how}`;
    return { text, fields: { timers: how, peers } };
  }),
};
