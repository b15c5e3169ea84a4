import type { Command } from "commander";
import { forText, groupsText } from "../breaking/told.ts";
import { groupsOf } from "../breaking/words.ts";
import type { CliCommand } from "./command.ts";
import type { LastingOption } from "./on_cluster.ts";
import { addLastingOptions, changing, UNDONE_AFTER } from "./on_cluster.ts";

/** `troupe partition`: cuts the network. */
export const partition: CliCommand = {
  name: "partition",
  group: "Break",
  summary: "cut the network between groups of peers",
  examples: [
    ["troupe partition 1,2 / 3,4,5", "until troupe heal"],
    ["troupe partition tracker --for 2s", "the tracker alone, for two seconds"],
  ],
  completes: ["peer"],
  configure(command: Command): void {
    const peers = command.argument("<peers...>", "groups between slashes; rest is everybody else");
    addLastingOptions(peers, UNDONE_AFTER)
      .option("--one-way", "later groups still hear earlier ones");
  },
  run: changing<LastingOption & { readonly oneWay?: boolean }>(
    async (cluster, { oneWay = false, for: forMs }, args) => {
      const groups = groupsOf(args, cluster.view());
      await cluster.breaking.partition(groups, { oneWay, forMs });
      const text = `partitioned ${groupsText(groups)}${forText(forMs)}`;
      return { text, fields: { partitioned: groups, oneWay, forMs } };
    },
  ),
};
