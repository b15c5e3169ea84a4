import type { Command } from "commander";
import type { CommandContext } from "./commands/command.ts";
import type { RemoteCluster } from "./control/remote_cluster.ts";
import { columnsOf, isLive } from "./io.ts";
import { LiveRegion } from "./live_region.ts";
import { pause } from "./waiting.ts";

/** Milliseconds after which a watch looks again, though nothing was told. */
const LOOK_EVERY = 1_000;
/** Milliseconds between two looks, however much happens. */
const LOOK_AT_MOST_EVERY = 100;

/** The option of the commands that can go on looking. */
export function addWatchOption(command: Command): Command {
  return command.option("-w, --watch", "show it again on every change");
}

/** What {@linkcode addWatchOption} gives. */
export interface WatchOption {
  readonly watch?: boolean;
}

/** Something that changes, and is to be seen. */
export interface Watched {
  /** When it ends. */
  readonly ends: AbortSignal;
  /** What is to be seen now; a rejection ends the watch: there is nothing to see any more. */
  look(): Promise<Seen>;
  /** Settles when that may be another. It is looked at again each second in any case. */
  changed?(): Promise<void>;
}

/** One look. */
export interface Seen {
  readonly text: string;
  /** What makes it another than the last, where looks are kept one below the other; the text itself unless given. */
  readonly essence?: string;
}

/** Draws what is to be seen again and again: in place on a terminal, one below the other where the output is kept. */
export async function watch(
  { ends, look, changed = () => new Promise(() => {}) }: Watched,
  { io, json }: CommandContext,
): Promise<void> {
  const live = !json && isLive(io.stdout, io.env);
  using region = new LiveRegion({
    out: io.stdout,
    live,
    columns: () => columnsOf(io.stdout, io.env),
  });
  let shown: Required<Seen> = { text: "", essence: "" };
  while (!ends.aborted) {
    const change = changed();
    const seen = await look().catch(() => undefined);
    if (seen === undefined) break;
    const { text, essence = text } = seen;
    if (live) draw(region, shown.text, text);
    else if (essence !== shown.essence) io.stdout.write(json ? text : `${text}\n\n`);
    shown = { text, essence };
    await pause(LOOK_AT_MOST_EVERY, ends).catch(() => {});
    await Promise.race([change, pause(LOOK_EVERY, ends).catch(() => {})]);
  }
  // What was seen last stays on the screen.
  if (live) draw(region, shown.text, "");
  if (live) region.log(shown.text);
}

/** Aborted when `cluster` is gone. */
export function goneSignal(cluster: RemoteCluster): AbortSignal {
  const gone = new AbortController();
  void cluster.closed.then(() => gone.abort());
  return gone.signal;
}

/** Shows the lines of `after` where those of `before` were. */
function draw(region: LiveRegion, before: string, after: string): void {
  const lines = after === "" ? [] : after.split("\n");
  lines.forEach((line, index) => region.set(`line ${index}`, line));
  const old = before === "" ? 0 : before.split("\n").length;
  for (let index = lines.length; index < old; index++) region.remove(`line ${index}`);
}
