import type { Command } from "commander";
import type { PeerStatus, PeerView } from "../../cluster/api.ts";
import type { ActiveFault } from "../../cluster/faults.ts";
import type { RemoteCluster } from "../control/remote_cluster.ts";
import { EXIT } from "../exit_codes.ts";
import { columnsOf, isLive } from "../io.ts";
import { LiveRegion } from "../live_region.ts";
import { jsonLine } from "../text/json.ts";
import { progressLine } from "../text/progress.ts";
import { formatTable } from "../text/table.ts";
import { pause, unlessAborted } from "../waiting.ts";
import type { CliCommand, CommandContext } from "./command.ts";
import { onCluster } from "./on_cluster.ts";

/** Milliseconds after which a watch looks again, though nothing was told. */
const LOOK_EVERY = 1_000;
/** Milliseconds between two looks, however much happens. */
const LOOK_AT_MOST_EVERY = 100;

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
    command.argument("[cluster]", "its name").option(
      "-w, --watch",
      "show it again on every change",
    );
  },
  async run(options, context) {
    const { watch = false } = options as { readonly watch?: boolean };
    return await onCluster(context, context.args[0], async (cluster) => {
      if (watch) await watchStatus(cluster, context);
      else {
        const now = await look(cluster);
        context.io.stdout.write(context.json ? jsonOf(cluster, now) : `${textOf(cluster, now)}\n`);
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
  return unlessAborted(asked, AbortSignal.timeout(LOOK_EVERY)).catch(() => undefined);
}

async function watchStatus(cluster: RemoteCluster, context: CommandContext): Promise<void> {
  const { io, json, signal } = context;
  const live = !json && isLive(io.stdout, io.env);
  using region = new LiveRegion({
    out: io.stdout,
    live,
    columns: () => columnsOf(io.stdout, io.env),
  });
  const gone = new AbortController();
  void cluster.closed.then(() => gone.abort());
  const ends = AbortSignal.any([signal, gone.signal]);
  await cluster.follow();
  let shown = "";
  while (!ends.aborted) {
    const change = changeOf(cluster);
    const now = await look(cluster).catch(() => undefined);
    if (now === undefined) break;
    const text = json ? jsonOf(cluster, now) : textOf(cluster, now);
    if (live) draw(region, shown, text);
    else if (text !== shown) io.stdout.write(json ? text : `${text}\n\n`);
    shown = text;
    await pause(LOOK_AT_MOST_EVERY, ends).catch(() => {});
    await Promise.race([change, pause(LOOK_EVERY, ends).catch(() => {})]);
  }
  // What was seen last stays on the screen.
  if (live) draw(region, shown, "");
  if (live) region.log(shown);
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

/** Shows the lines of `after` where those of `before` were. */
function draw(region: LiveRegion, before: string, after: string): void {
  const lines = after === "" ? [] : after.split("\n");
  lines.forEach((line, index) => region.set(`line ${index}`, line));
  const old = before === "" ? 0 : before.split("\n").length;
  for (let index = lines.length; index < old; index++) region.remove(`line ${index}`);
}

function jsonOf({ info }: RemoteCluster, { peers, faults }: Look): string {
  return jsonLine({ cluster: info.name, peers, faults });
}

function textOf({ info }: RemoteCluster, { peers, faults }: Look): string {
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
