import type { PeerView } from "../../cluster/api.ts";
import type { ClusterInfo } from "../control/cluster_info.ts";
import { connectAll } from "../control/running.ts";
import { EXIT } from "../exit_codes.ts";
import { formatDuration } from "../text/duration.ts";
import { jsonLine } from "../text/json.ts";
import { formatTable } from "../text/table.ts";
import type { CliCommand, CommandContext } from "./command.ts";

/** `troupe ps`: the clusters of this user on this machine. */
export const ps: CliCommand = {
  name: "ps",
  group: "Look",
  summary: "list the clusters that run on this machine",
  examples: [
    ["troupe ps", "names, peers, trackers"],
    ["troupe ps --json", "the same for a program, with seeds and folders"],
  ],
  configure() {},
  run: runPs,
};

async function runPs(_options: unknown, { io, json }: CommandContext): Promise<number> {
  const { clusters, silent } = await connectAll(io.env);
  const infos = clusters.map(({ info }) => info);
  await Promise.all(clusters.map((cluster) => cluster[Symbol.asyncDispose]()));
  if (json) {
    const now = Date.now();
    io.stdout.write(jsonLine({ clusters: infos.map((info) => summary(info, now)), silent }));
    return EXIT.ok;
  }
  for (const { name, why } of silent) io.stderr.write(`${name} does not answer: ${why}\n`);
  if (infos.length === 0) io.stderr.write("No cluster runs; troupe up --detach starts one.\n");
  else io.stdout.write(`${clusterTable(infos, Date.now())}\n`);
  return EXIT.ok;
}

function clusterTable(infos: readonly ClusterInfo[], now: number): string {
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
