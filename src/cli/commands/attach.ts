import type { Command } from "commander";
import { peerOf } from "../breaking/words.ts";
import type { ConsolePlace } from "../console/open.ts";
import { consoleAtTerminal, consoleOnPipe } from "../console/open.ts";
import { connectTo, whereOf } from "../control/running.ts";
import { EXIT } from "../exit_codes.ts";
import { columnsOf, isTerminal } from "../io.ts";
import { LiveRegion } from "../live_region.ts";
import type { CliCommand, CommandContext } from "./command.ts";

/** `troupe attach`: a peer's console, from any terminal. */
export const attach: CliCommand = {
  name: "attach",
  group: "Look",
  summary: "open the console of a peer of a running cluster",
  examples: [
    ["troupe attach peer-3", "of the only cluster that runs; Ctrl-D detaches"],
    ["troupe attach brisk-otter/2", "of one of several"],
    ["echo status | troupe attach peer-3", "a script"],
  ],
  completes: ["peer"],
  configure(command: Command): void {
    command.argument("[[cluster/]peer]", "peer-3, 3 or tracker; peer-1 unless given");
  },
  run: runAttach,
};

async function runAttach(
  _options: unknown,
  context: CommandContext,
): Promise<number> {
  const { io, signal, args: [target] } = context;
  const { cluster: name, peer = "1" } = whereOf(target);
  await using cluster = await connectTo(io.env, name);
  await cluster.follow();
  const at = peerOf(peer, cluster.view());
  const terminal = isTerminal(io.stdin, io.env) && isTerminal(io.stdout, io.env);
  const out = terminal ? io.stdout : io.stderr;
  using region = new LiveRegion({ out, live: terminal, columns: () => columnsOf(out, io.env) });
  const gone = new AbortController();
  let left = false;
  void cluster.closed.then(() => {
    if (!left) region.log(`${cluster.info.name} is gone`);
    gone.abort();
  });
  const ends = AbortSignal.any([signal, gone.signal]);
  const guest = { cluster: cluster.info.name, peer: at };
  const place: ConsolePlace = {
    cluster,
    breaking: cluster.breaking,
    region,
    context,
    ends,
    guest,
  };
  const exitCode = await (terminal ? consoleAtTerminal(place) : consoleOnPipe(place, true));
  left = true;
  // Nobody asked for that end.
  return gone.signal.aborted ? EXIT.failed : exitCode;
}
