import type { Command } from "commander";
import { Option } from "commander";
import type { RemoteCluster } from "../control/remote_cluster.ts";
import { connectTo, whereOf } from "../control/running.ts";
import { EXIT } from "../exit_codes.ts";
import { duration } from "../parse_options.ts";
import { jsonLine } from "../text/json.ts";
import type { CliCommand, CommandContext } from "./command.ts";

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

/** The options of a fault that can be undone by itself. */
export function addLastingOptions(command: Command, what: string): Command {
  return addClusterOption(command)
    .addOption(new Option("--for <time>", what).argParser(duration));
}

/** What `--for` does for what can be undone. */
export const UNDONE_AFTER = "undone after this time, as 2s; until troupe heal unless given";

/** What {@linkcode addLastingOptions} gives. */
export interface LastingOption extends ClusterOption {
  /** Milliseconds. */
  readonly for?: number;
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

/** What was done to a cluster: a line for a person, fields for a program. */
export interface Done {
  readonly text: string;
  readonly fields: object;
}

/** The `run` of a command that changes the cluster of its option, and tells what it did. */
export function changing<Options extends ClusterOption>(
  work: (cluster: RemoteCluster, options: Options, args: readonly string[]) => Promise<Done>,
): CliCommand["run"] {
  return (options, context) =>
    tell(
      context,
      (options as Options).cluster,
      (cluster) => work(cluster, options as Options, context.args),
    );
}

/** The same for a command whose first word is a peer, `brisk-otter/3` of a cluster; `work` is given what stands for the peer. */
export function changingPeer<Options extends ClusterOption>(
  work: (cluster: RemoteCluster, peer: string, options: Options) => Promise<Done>,
): CliCommand["run"] {
  return (options, context) => {
    const { cluster: named, peer = "" } = whereOf(context.args[0]);
    const name = named ?? (options as Options).cluster;
    return tell(context, name, (cluster) => work(cluster, peer, options as Options));
  };
}

async function tell(
  context: CommandContext,
  name: string | undefined,
  work: (cluster: RemoteCluster) => Promise<Done>,
): Promise<number> {
  return await onCluster(context, name, async (cluster) => {
    const { text, fields } = await work(cluster);
    const { io, json } = context;
    io.stdout.write(json ? jsonLine({ cluster: cluster.info.name, ...fields }) : `${text}\n`);
    return EXIT.ok;
  });
}
