import type { Command } from "commander";
import type { PeerStatus, PeerView } from "../../cluster/api.ts";
import type { ActiveFault } from "../../cluster/faults.ts";
import type { RemoteCluster } from "../control/remote_cluster.ts";
import { EXIT } from "../exit_codes.ts";
import { jsonLine } from "../text/json.ts";
import { progressLine } from "../text/progress.ts";
import { formatTable } from "../text/table.ts";
import { unlessAborted } from "../waiting.ts";
import type { WatchOption } from "../watch.ts";
import { addWatchOption, goneSignal, watch } from "../watch.ts";
import type { CliCommand, CommandContext } from "./command.ts";
import { onCluster } from "./on_cluster.ts";

/** Milliseconds that a peer has to say how it is. */
const ANSWERS_WITHIN = 1_000;

/** `troupe status`: every peer at a glance. */
export const status: CliCommand = {
  name: "status",
  group: "Look",
  summary: "show peers, roles, epochs, transfers and faults",
  examples: [
    ["troupe status", "of the only cluster that runs"],
    ["troupe status brisk-otter --watch", "redrawn when something changes"],
  ],
  completes: ["cluster"],
  configure(command: Command): void {
    addWatchOption(command.argument("[cluster]", "its name"));
  },
  async run(options, context) {
    const { watch: again = false } = options as WatchOption;
    return await onCluster(context, context.args[0], async (cluster) => {
      if (again) await watchStatus(cluster, context);
      else {
        const text = textOf(cluster, await look(cluster), context);
        context.io.stdout.write(context.json ? text : `${text}\n`);
      }
      return EXIT.ok;
    });
  },
};

/** A cluster at one moment. */
interface Look {
  readonly peers: readonly (PeerView & { readonly status: PeerStatus | undefined })[];
  readonly faults: readonly ActiveFault[];
}

async function look(cluster: RemoteCluster): Promise<Look> {
  const [faults, ...peers] = await Promise.all([
    cluster.breaking.active(),
    ...cluster.view().map(async (view) => ({
      ...view,
      // A peer that hangs, or goes down meanwhile, is shown as what is known without it.
      status: view.up ? await answered(cluster.peer(view.id).status()) : undefined,
    })),
  ]);
  return { peers, faults };
}

function answered<T>(asked: Promise<T>): Promise<T | undefined> {
  return unlessAborted(asked, AbortSignal.timeout(ANSWERS_WITHIN)).catch(() => undefined);
}

async function watchStatus(cluster: RemoteCluster, context: CommandContext): Promise<void> {
  await cluster.follow();
  await watch({
    ends: AbortSignal.any([context.signal, goneSignal(cluster)]),
    look: async () => ({ text: textOf(cluster, await look(cluster), context) }),
    changed: () => changeOf(cluster),
  }, context);
}

/** Settles at the next event. */
function changeOf(cluster: RemoteCluster): Promise<void> {
  return new Promise((resolve) => {
    const events = cluster.on("*", () => {
      events[Symbol.dispose]();
      resolve();
    });
  });
}

function textOf(cluster: RemoteCluster, now: Look, { json }: CommandContext): string {
  return json ? jsonLine({ cluster: cluster.info.name, ...now }) : tableOf(cluster, now);
}

function tableOf({ info }: RemoteCluster, { peers, faults }: Look): string {
  const right = "right" as const;
  const table = formatTable(
    [
      "peer",
      "role",
      { title: "epoch", align: right },
      "tracker",
      { title: "files", align: right },
      {
        title: "transfers",
        align: right,
      },
      { title: "starts", align: right },
    ],
    peers.map(({ id, up, role, epoch, tracker, status }) => [
      id,
      !up ? "DOWN" : role === "tracker" ? "TRACKER*" : role,
      String(epoch),
      (up ? tracker : undefined) ?? "-",
      up ? String(status?.files ?? "?") : "-",
      up ? String(status?.transfers.length ?? "?") : "-",
      up ? String(status?.incarnation ?? "?") : "-",
    ]),
  );
  const transfers = peers.flatMap(({ id, status }) =>
    (status?.transfers ?? []).map((transfer) => `  ${id}  ${progressLine(transfer)}`)
  );
  const broken = faults.map(({ verb, peers }) => `  fault  ${verb} of ${peers.join(" ")}`);
  return [`${info.name}   seed ${info.seed}   ${info.runtime}`, table, ...transfers, ...broken]
    .join("\n");
}
