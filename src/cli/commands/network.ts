import type { Command } from "commander";
import { Option } from "commander";
import { linkFaultOf } from "../breaking/link_words.ts";
import { groupsText, healedText } from "../breaking/told.ts";
import { groupsOf, peerOf } from "../breaking/words.ts";
import { EXIT } from "../exit_codes.ts";
import { duration } from "../parse_options.ts";
import { formatDuration } from "../text/duration.ts";
import type { CliCommand } from "./command.ts";
import type { ClusterOption } from "./on_cluster.ts";
import { addClusterOption, onCluster, tellDone } from "./on_cluster.ts";

interface LastingOption extends ClusterOption {
  readonly for?: number;
}

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
    addLasting(command.argument("<peers...>", "groups between slashes; rest is everybody else"))
      .option("--one-way", "later groups still hear earlier ones");
  },
  async run(options, context) {
    const { oneWay = false, for: forMs, cluster } = options as LastingOption & {
      readonly oneWay?: boolean;
    };
    return await onCluster(context, cluster, async (remote) => {
      const groups = groupsOf(context.args, remote.view());
      await remote.breaking.partition(groups, { oneWay, forMs });
      const text = `partitioned ${groupsText(groups)}${forText(forMs)}`;
      tellDone(context, remote, text, { partitioned: groups, oneWay, forMs });
      return EXIT.ok;
    });
  },
};

/** `troupe heal`: undoes what lasts. */
export const heal: CliCommand = {
  name: "heal",
  group: "Break",
  summary: "undo every partition, link fault and pause",
  examples: [
    ["troupe heal", "everything, whoever did it"],
    ["troupe heal --json", "what was undone, for a program"],
  ],
  configure: (command: Command) => void addClusterOption(command),
  async run(options, context) {
    return await onCluster(context, (options as ClusterOption).cluster, async (remote) => {
      const healed = await remote.breaking.heal();
      tellDone(context, remote, healedText(healed), { healed });
      return EXIT.ok;
    });
  },
};

/** `troupe link`: changes how messages travel. */
export const link: CliCommand = {
  name: "link",
  group: "Break",
  summary: "change how messages from one peer to another travel",
  examples: [
    ["troupe link 1 2 --delay 50ms --jitter 20ms", "in this direction, until troupe heal"],
    ["troupe link tracker 3 --drop 10% --for 5s", "a tenth of its messages is lost"],
  ],
  completes: ["peer", "peer"],
  configure(command: Command): void {
    addLasting(command.argument("<from>", "a peer").argument("<to>", "another"))
      .option("--delay <time>", "every message takes so much longer")
      .option("--jitter <time>", "and up to so much more, at random")
      .option("--drop <part>", "so many are lost, 0 to 1 or as 10%")
      .option("--dup <part>", "so many arrive twice")
      .option("--reorder <part>", "so many may be overtaken")
      .option("--block", "none arrives");
  },
  async run(options, context) {
    const { for: forMs, cluster, ...told } = options as LastingOption & Record<string, unknown>;
    const words = ["delay", "jitter", "drop", "dup", "reorder"].flatMap((word) =>
      typeof told[word] === "string" ? [word, told[word]] : []
    );
    const fault = linkFaultOf([...words, ...(told["block"] === true ? ["block"] : [])]);
    return await onCluster(context, cluster, async (remote) => {
      const [from = "", to = ""] = context.args.map((word) => peerOf(word, remote.view()));
      await remote.breaking.link(from, to, fault, { forMs });
      const text = `the link from ${from} to ${to} is changed${forText(forMs)}`;
      tellDone(context, remote, text, { from, to, fault, forMs });
      return EXIT.ok;
    });
  },
};

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
  async run(options, context) {
    const [how = "", ...words] = context.args;
    return await onCluster(context, (options as ClusterOption).cluster, async (remote) => {
      const peers = words.map((word) => peerOf(word, remote.view()));
      // What is neither is refused over there, in the cluster's own words.
      await remote.breaking.timers(how as "align" | "spread", peers);
      const text = `timers of ${peers.length === 0 ? "all peers" : peers.join(", ")}: ${how}`;
      tellDone(context, remote, text, { timers: how, peers });
      return EXIT.ok;
    });
  },
};

function addLasting(command: Command): Command {
  return addClusterOption(command)
    .addOption(
      new Option("--for <time>", "undone after this time, as 2s; until troupe heal unless given")
        .argParser(duration),
    );
}

function forText(ms: number | undefined): string {
  return ms === undefined ? "" : ` for ${formatDuration(ms)}`;
}
