import type { Command } from "commander";
import { peerOf } from "../breaking/words.ts";
import type { WireEvent } from "../control/event_wire.ts";
import type { RemoteCluster } from "../control/remote_cluster.ts";
import { EXIT } from "../exit_codes.ts";
import { fieldsOf } from "../logs/log_line.ts";
import { wholeNumber } from "../parse_options.ts";
import { jsonLine } from "../text/json.ts";
import { printable } from "../text/printable.ts";
import { abortOf } from "../waiting.ts";
import type { CliCommand, CommandContext } from "./command.ts";
import { onCluster } from "./on_cluster.ts";

/** `troupe events`: the stream that everything else is a view of. */
export const events: CliCommand = {
  name: "events",
  group: "Look",
  summary: "show the event stream of a cluster",
  examples: [
    ["troupe events -f --type 'election.*'", "votes as they are given"],
    ["troupe events -n 50 --peer 3 --json", "the last fifty of one peer, for a program"],
  ],
  completes: ["cluster"],
  configure(command: Command): void {
    command.argument("[cluster]", "its name")
      .option("-f, --follow", "go on with those that come")
      .option(
        "-n, --lines <n>",
        "only the last so many; the cluster keeps 5000",
        wholeNumber(0, 5_000),
      )
      .option("--type <kinds...>", "only these kinds, as election.win or 'election.*'")
      .option("--peer <peers...>", "only what is about these peers");
  },
  async run(parsed, context) {
    return await onCluster(context, context.args[0], async (cluster) => {
      await stream(cluster, parsed as EventsOptions, context);
      return EXIT.ok;
    });
  },
};

interface EventsOptions {
  readonly follow?: boolean;
  readonly lines?: number;
  readonly type?: readonly string[];
  readonly peer?: readonly string[];
}

async function stream(
  cluster: RemoteCluster,
  { follow = false, lines = 5_000, type = [], peer = [] }: EventsOptions,
  { io, json, signal, out }: CommandContext,
): Promise<void> {
  const filter = {
    last: lines,
    kinds: type.flatMap((kinds) => kinds.split(",")),
    peers: peer.flatMap((peers) => peers.split(",")).map((word) => peerOf(word, cluster.view())),
  };
  let over = false;
  await cluster.read(filter, (event) => {
    if (over) return;
    io.stdout.write(json ? jsonLine(event) : `${lineOf(event, out.dim)}\n`);
  });
  over = !follow;
  if (follow) await Promise.race([abortOf(signal), cluster.closed]);
}

function lineOf({ time, kind, name, data }: WireEvent, dim: (text: string) => string): string {
  const who = typeof data["peer"] === "string" ? data["peer"] : name ?? "-";
  const fields = fieldsOf(data).join(" ");
  return `${dim(time.slice(11, 23))}  ${kind}  ${printable(who)}${
    fields === "" ? "" : `  ${fields}`
  }`;
}
