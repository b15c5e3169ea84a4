import type { Command } from "commander";
import { linkFaultOf } from "../breaking/link_words.ts";
import { forText } from "../breaking/told.ts";
import { peerOf } from "../breaking/words.ts";
import type { CliCommand } from "./command.ts";
import type { LastingOption } from "./on_cluster.ts";
import { addLastingOptions, changing, UNDONE_AFTER } from "./on_cluster.ts";

/** The options that have a value. */
const VALUED = ["delay", "jitter", "drop", "dup", "reorder"] as const;

interface LinkOptions
  extends LastingOption, Readonly<Partial<Record<typeof VALUED[number], string>>> {
  readonly block?: boolean;
}

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
    const ends = command.argument("<from>", "a peer").argument("<to>", "another");
    addLastingOptions(ends, UNDONE_AFTER)
      .option("--delay <time>", "every message takes so much longer")
      .option("--jitter <time>", "and up to so much more, at random")
      .option("--drop <part>", "so many are lost, 0 to 1 or as 10%")
      .option("--dup <part>", "so many arrive twice")
      .option("--reorder <part>", "so many may be overtaken")
      .option("--block", "none arrives");
  },
  // What is wrong with the options is told before there need be a cluster.
  run: async (options, context) => {
    const fault = linkFaultOf(wordsOf(options));
    return await changing<LinkOptions>(async (cluster, { for: forMs }, args) => {
      const [from = "", to = ""] = args.map((word) => peerOf(word, cluster.view()));
      await cluster.breaking.link(from, to, fault, { forMs });
      const text = `the link from ${from} to ${to} is changed${forText(forMs)}`;
      return { text, fields: { from, to, fault, forMs } };
    })(options, context);
  },
};

/** The options as the console has them: `delay 50ms block`. */
function wordsOf(options: LinkOptions): string[] {
  const valued = VALUED.flatMap((word) => {
    const value = options[word];
    return value === undefined ? [] : [word, value];
  });
  return options.block === true ? [...valued, "block"] : valued;
}
