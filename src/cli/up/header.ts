import type { Cluster } from "../../cluster/api.ts";
import type { CommandContext } from "../commands/command.ts";
import type { Style } from "../style.ts";
import { VERSION } from "../version.ts";
import type { UpOptions } from "./options.ts";

/** What a person should know of a cluster that has just started. */
export function header(
  cluster: Cluster,
  name: string | undefined,
  { quorum, profile, console }: UpOptions,
  { io }: CommandContext,
  { terminal, style }: { readonly terminal: boolean; readonly style: Style },
): string {
  const peers = cluster.peers.length;
  const facts = [
    style.bold(`troupe ${VERSION}`),
    ...(name === undefined ? [] : [`cluster ${name}`]),
    io.runtime,
    `${peers} peers`,
    `quorum ${quorum ?? Math.floor(peers / 2) + 1}`,
    `timers ${profile}`,
    `seed ${cluster.seed}`,
  ];
  const lines = [facts.join("   "), `folder  ${cluster.folder}`];
  if (name !== undefined) {
    const at = `${name}/${cluster.peers.at(-1)}`;
    lines.push(`attach  troupe attach ${at}${console ? "" : `        stop  troupe down ${name}`}`);
  }
  if (terminal) lines.push("help lists the commands, Tab completes them, quit stops the cluster");
  return lines.join("\n");
}
