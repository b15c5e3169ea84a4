import type { Command } from "commander";
import { connectAll, connectTo } from "../control/running.ts";
import type { RemoteCluster } from "../control/remote_cluster.ts";
import { ConsoleError, UsageError } from "../errors.ts";
import { EXIT } from "../exit_codes.ts";
import { jsonLine } from "../text/json.ts";
import { settlesWithin } from "../waiting.ts";
import type { CliCommand, CommandContext } from "./command.ts";

/** Milliseconds that a cluster may take to stop all its threads. */
const STOPS_WITHIN = 20_000;

/** `troupe down`: stops clusters. */
export const down: CliCommand = {
  name: "down",
  group: "Break",
  summary: "stop a cluster in order, every peer of it",
  examples: [
    ["troupe down", "the only one that runs"],
    ["troupe down --all", "every cluster of yours on this machine"],
  ],
  completes: ["cluster"],
  configure(command: Command): void {
    command.argument("[cluster]", "its name, as troupe ps shows it")
      .option("--all", "every cluster of yours on this machine");
  },
  run: runDown,
};

async function runDown(
  { all = false }: { readonly all?: boolean },
  { io, json, quiet, args: [name] }: CommandContext,
): Promise<number> {
  if (all && name !== undefined) throw new UsageError(`Expected --all or ${name}, not both`);
  const clusters = all ? (await connectAll(io.env)).clusters : [await connectTo(io.env, name)];
  await Promise.all(clusters.map(stop));
  const names = clusters.map(({ info }) => info.name);
  if (json) io.stdout.write(jsonLine({ stopped: names }));
  else if (!quiet) { for (const stopped of names) io.stdout.write(`stopped ${stopped}\n`); }
  return EXIT.ok;
}

async function stop(cluster: RemoteCluster): Promise<void> {
  await using closing = cluster;
  const { name, pid } = closing.info;
  const gone = closing.down();
  if (await settlesWithin(gone, STOPS_WITHIN)) return await gone;
  gone.catch(() => {});
  throw new ConsoleError(`${name} has not stopped within ${STOPS_WITHIN / 1_000} s`, {
    hint: `Its process is ${pid}; kill it if it must go.`,
  });
}
