import type { Command } from "commander";
import { InvalidArgumentError, Option } from "commander";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { UsageError } from "../errors.ts";
import { EXIT } from "../exit_codes.ts";
import type { Level, LogLine } from "../logs/log_line.ts";
import { isShown, readLogLine, wordsOf } from "../logs/log_line.ts";
import { sourceOf } from "../logs/source.ts";
import { Tail, watchFolder } from "../logs/tail.ts";
import { wholeNumber } from "../parse_options.ts";
import type { Style } from "../style.ts";
import { parseDuration } from "../text/duration.ts";
import { abortOf } from "../waiting.ts";
import type { CliCommand, CommandContext } from "./command.ts";
import type { ClusterOption } from "./on_cluster.ts";
import { addClusterOption } from "./on_cluster.ts";

const LEVELS = ["headline", "detail", "all"] as const;

/** `troupe logs`: what the peers wrote down, in one order. */
export const logs: CliCommand = {
  name: "logs",
  group: "Look",
  summary: "show the peers' logs, merged",
  examples: [
    ["troupe logs -f", "of the only cluster that runs, and what comes"],
    ["troupe logs 2 3 -n 20 --grep epoch", "the last twenty lines of two peers with that word"],
    ["troupe logs --run latest --level all", "everything, of a cluster that is over"],
  ],
  completes: ["peer"],
  configure(command: Command): void {
    addClusterOption(command.argument("[peers...]", "whose; everybody's unless given"))
      .option("-f, --follow", "go on with what is written from now on")
      .option("-n, --lines <n>", "only the last so many", wholeNumber(0, 10_000_000))
      .option("--since <when>", "a time ago as 10s, or a date as 2026-11-23T10:47", moment)
      .option("--grep <pattern>", "only lines that this regular expression matches", pattern)
      .addOption(
        new Option("--level <level>", "how much").choices([...LEVELS]).default("detail"),
      )
      .option(
        "--run <dir>",
        "the folder of a cluster, also of one that is over; latest for the last of here",
      );
  },
  run: runLogs,
};

interface LogsOptions extends ClusterOption {
  readonly follow?: boolean;
  readonly lines?: number;
  readonly since?: number;
  readonly grep?: RegExp;
  readonly level: Level;
  readonly run?: string;
}

async function runLogs(parsed: unknown, context: CommandContext): Promise<number> {
  const options = parsed as LogsOptions;
  await using source = await sourceOf(options, context.io);
  const peers = context.args.length === 0 ? source.peers : context.args.map(source.peerCalled);
  const tails = peers.map((peer) => {
    const path = join(source.folder, `${peer}.log`);
    if (!existsSync(path)) throw new UsageError(`There is no log of ${peer} in ${source.folder}`);
    return { peer, tail: new Tail(path) };
  });
  const print = printer(options, context, Math.max(0, ...peers.map((peer) => peer.length)));
  const news = (): LogLine[] => tails.flatMap((log) => wanted(log, options)).sort(byTime);
  try {
    const past = news();
    for (
      const line of past.slice(options.lines === undefined ? 0 : -options.lines || past.length)
    ) {
      print(line);
    }
    if (!options.follow) return EXIT.ok;
    const ends = AbortSignal.any([context.signal, source.ended]);
    const printNews = (): void => news().forEach(print);
    watchFolder(source.folder, ends, printNews);
    await abortOf(ends);
    printNews();
    return EXIT.ok;
  } finally {
    for (const { tail } of tails) tail[Symbol.dispose]();
  }
}

function wanted(
  { peer, tail }: { readonly peer: string; readonly tail: Tail },
  { since = -Infinity, grep, level }: LogsOptions,
): LogLine[] {
  return [...tail.lines()].flatMap((raw) => {
    const line = readLogLine(raw, peer);
    const shown = line !== undefined && isShown(line, level) && Date.parse(line.time) >= since &&
      (grep === undefined || grep.test(wordsOf(line)) || grep.test(raw));
    return shown ? [line] : [];
  });
}

function byTime(a: LogLine, b: LogLine): number {
  return a.at - b.at;
}

function printer(
  _options: LogsOptions,
  { io, out, json }: CommandContext,
  width: number,
): (line: LogLine) => void {
  return (line) => {
    if (json) return void io.stdout.write(`${line.raw}\n`);
    const prefix = paintOf(line.peer, out)(line.peer.padEnd(width));
    io.stdout.write(`${prefix} ${out.dim(`| ${line.time.slice(11, 23)}`)} ${wordsOf(line)}\n`);
  };
}

/** Every peer has its colour, as in docker compose. */
function paintOf(peer: string, style: Style): (text: string) => string {
  const colors = [style.cyan, style.yellow, style.green, style.red];
  return colors[Number(/\d+$/.exec(peer)?.[0] ?? 0) % colors.length] ?? style.cyan;
}

/** Milliseconds since 1970. */
function moment(text: string): number {
  const ago = parseDuration(text);
  const at = ago === undefined ? Date.parse(text) : Date.now() - ago;
  if (Number.isFinite(at)) return at;
  throw new InvalidArgumentError("Expected a time ago as 10s, or a date as 2026-11-23T10:47.");
}

function pattern(text: string): RegExp {
  try {
    return new RegExp(text, "i");
  } catch (error) {
    throw new InvalidArgumentError(`Expected a regular expression: ${(error as Error).message}.`);
  }
}
