import type { Command } from "commander";
import type { PeerView } from "../../cluster/api.ts";
import type { ClusterInfo } from "../control/cluster_info.ts";
import type { Unanswering } from "../control/running.ts";
import { connectAll } from "../control/running.ts";
import { EXIT } from "../exit_codes.ts";
import type { Io } from "../io.ts";
import { formatDuration } from "../text/duration.ts";
import { jsonLine } from "../text/json.ts";
import { formatTable } from "../text/table.ts";
import type { Seen, WatchOption } from "../watch.ts";
import { addWatchOption, watch } from "../watch.ts";
import type { CliCommand, CommandContext } from "./command.ts";

/** `troupe ps`: the clusters of this user on this machine. */
export const ps: CliCommand = {
  name: "ps",
  group: "Look",
  summary: "list the clusters that run on this machine",
  examples: [
    ["troupe ps", "names, peers, trackers"],
    ["troupe ps --watch", "shown again when one comes, goes or changes"],
    ["troupe ps --json", "the same for a program, with seeds and folders"],
  ],
  configure: (command: Command) => void addWatchOption(command),
  run: (options, context) => runPs(options, context),
};

const NONE = "No cluster runs; troupe up --detach starts one.";

/** The clusters at one moment. */
interface Look {
  readonly infos: readonly ClusterInfo[];
  readonly silent: readonly Unanswering[];
}

async function look(env: Io["env"]): Promise<Look> {
  const { clusters, silent } = await connectAll(env);
  const infos = clusters.map(({ info }) => info);
  await Promise.all(clusters.map((cluster) => cluster[Symbol.asyncDispose]()));
  return { infos, silent };
}

function jsonOf({ infos, silent }: Look): string {
  const now = Date.now();
  return jsonLine({ clusters: infos.map((info) => summary(info, now)), silent });
}

async function runPs(options: WatchOption, context: CommandContext): Promise<number> {
  const { io, json, signal } = context;
  if (options.watch === true) {
    const seen = async (): Promise<Seen> => {
      const now = await look(io.env);
      const text = json ? jsonOf(now) : now.infos.length === 0 ? NONE : clusterTable(now.infos);
      // That it is up for longer is no change.
      return { text, essence: JSON.stringify(now) };
    };
    await watch({ ends: signal, look: seen }, context);
    return EXIT.ok;
  }
  const now = await look(io.env);
  if (json) io.stdout.write(jsonOf(now));
  else {
    for (const { name, why } of now.silent) io.stderr.write(`${name} does not answer: ${why}\n`);
    if (now.infos.length === 0) io.stderr.write(`${NONE}\n`);
    else io.stdout.write(`${clusterTable(now.infos)}\n`);
  }
  return EXIT.ok;
}

function clusterTable(infos: readonly ClusterInfo[]): string {
  const now = Date.now();
  const right = "right" as const;
  return formatTable(
    ["cluster", "peers", "tracker", { title: "epoch", align: right }, "up", "runtime", {
      title: "pid",
      align: right,
    }],
    infos.map((info) => {
      const { tracker, epoch, up } = stateOf(info.peers);
      return [
        info.name,
        `${up}/${info.peers.length}`,
        tracker ?? "none",
        String(epoch),
        formatDuration(now - info.startedAt),
        info.runtime,
        String(info.pid),
      ];
    }),
  );
}

function summary(info: ClusterInfo, now: number): object {
  const { name, pid, runtime, version, seed, folder, startedAt, peers } = info;
  const state = { ...stateOf(peers), upMs: now - startedAt };
  return { name, pid, runtime, version, seed, folder, ...state, peers };
}

/** The tracker of the highest epoch, that epoch, and how many peers are up. */
function stateOf(
  peers: readonly PeerView[],
): { readonly tracker: string | undefined; readonly epoch: number; readonly up: number } {
  const trackers = peers.filter(({ up, role }) => up && role === "tracker");
  const [tracker] = trackers.sort((a, b) => b.epoch - a.epoch);
  const epoch = Math.max(0, ...peers.map((peer) => peer.epoch));
  return { tracker: tracker?.id, epoch, up: peers.filter(({ up }) => up).length };
}
