import type { Command } from "commander";
import type { ActorTree, SystemInfo } from "../../runtime/mod.ts";
import { EXIT } from "../exit_codes.ts";
import { jsonLine } from "../text/json.ts";
import { formatDuration } from "../text/duration.ts";
import { printable } from "../text/printable.ts";
import { formatTable } from "../text/table.ts";
import type { WatchOption } from "../watch.ts";
import { addWatchOption, goneSignal, watch } from "../watch.ts";
import type { CliCommand } from "./command.ts";
import { onCluster } from "./on_cluster.ts";

/** `troupe tree`: supervisors, actors, mailboxes. */
export const tree: CliCommand = {
  name: "tree",
  group: "Look",
  summary: "show supervisors, actors, mailboxes and restarts",
  examples: [
    ["troupe tree", "of the only cluster that runs"],
    ["troupe tree --watch", "redrawn each second"],
    ["troupe tree brisk-otter --json", "all that is known, with threads and heaps"],
  ],
  completes: ["cluster"],
  configure: (command: Command) => void addWatchOption(command.argument("[cluster]", "its name")),
  async run(options, context) {
    const { io, json, signal } = context;
    return await onCluster(context, context.args[0], async (cluster) => {
      const look = async (): Promise<string> => {
        const info = await cluster.inspect();
        return json ? jsonLine({ cluster: cluster.info.name, ...info }) : treeText(info);
      };
      if ((options as WatchOption).watch === true) {
        await watch({
          ends: AbortSignal.any([signal, goneSignal(cluster)]),
          look: async () => ({ text: await look() }),
        }, context);
      } else io.stdout.write(json ? await look() : `${await look()}\n`);
      return EXIT.ok;
    });
  },
};

/** The tree as a table: one actor a line, below who spawned it. */
export function treeText({ tree, threads, zombies }: SystemInfo): string {
  const right = "right" as const;
  const rows = tree.flatMap((actor) => rowsOf(actor, 0));
  const table = formatTable(
    [
      "actor",
      "kind",
      "state",
      { title: "mailbox", align: right },
      { title: "peak", align: right },
      { title: "handled", align: right },
      { title: "failed", align: right },
      { title: "restarts", align: right },
      { title: "age", align: right },
      "thread",
      "doing",
    ],
    rows,
  );
  const sick = threads.filter(({ state }) => state !== "running");
  const notes = sick.map(({ node, state, silentMs }) =>
    `thread ${node} is ${state}, silent for ${formatDuration(silentMs)}`
  );
  return [
    table,
    `${threads.length} threads${zombies > 0 ? `, ${zombies} of them zombies` : ""}`,
    ...notes,
  ].join("\n");
}

function rowsOf(actor: ActorTree, depth: number): string[][] {
  const { id, name, kind, state, mailbox, handled, failed, restarts, ageMs, node, current } = actor;
  const doing = current === undefined || current === null
    ? "-"
    : `${printable(current.method)} ${formatDuration(current.sinceMs)}`;
  return [
    [
      "  ".repeat(depth) + printable(name ?? String(id)),
      kind,
      actor.stale ? "silent" : state,
      String(mailbox.size),
      String(mailbox.peak),
      String(handled),
      String(failed),
      String(restarts ?? "-"),
      formatDuration(ageMs),
      String(node),
      doing,
    ],
    ...actor.children.flatMap((child) => rowsOf(child, depth + 1)),
  ];
}
