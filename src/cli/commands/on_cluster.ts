import type { Command } from "commander";
import { Option } from "commander";
import type { RemoteCluster } from "../control/remote_cluster.ts";
import { connectTo } from "../control/running.ts";
import { jsonLine } from "../text/json.ts";
import type { CommandContext } from "./command.ts";

/** The option that names one of several running clusters. */
export function addClusterOption(command: Command): Command {
  return command.addOption(
    new Option("-c, --cluster <name>", "which cluster, where several run").env("TROUPE_CLUSTER"),
  );
}

/** What {@linkcode addClusterOption} gives. */
export interface ClusterOption {
  readonly cluster?: string;
}

/** Connects to a cluster, does `work` on it as it is now, and leaves it. */
export async function onCluster<T>(
  { io }: CommandContext,
  name: string | undefined,
  work: (cluster: RemoteCluster) => Promise<T>,
): Promise<T> {
  await using cluster = await connectTo(io.env, name);
  return await work(cluster);
}

/** Prints what was done: `text` for a person, `fields` with the cluster's name for a program. */
export function tellDone(
  { io, json }: CommandContext,
  { info }: RemoteCluster,
  text: string,
  fields: object,
): void {
  io.stdout.write(json ? jsonLine({ cluster: info.name, ...fields }) : `${text}\n`);
}
