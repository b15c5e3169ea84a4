import process from "node:process";
import { rm } from "node:fs/promises";
import type { Cluster, ClusterOptions } from "../../cluster/api.ts";
import { LocalBreaking } from "../breaking/local.ts";
import { type Violation, violationLines, watchCluster } from "../../lab/invariants/mod.ts";
import type { ConsolePlace } from "../console/open.ts";
import { consoleAtTerminal, consoleOnPipe, withoutConsole } from "../console/open.ts";
import type { Control } from "../control/open.ts";
import { checkName, openControl } from "../control/open.ts";
import { errorText } from "../errors.ts";
import { EXIT } from "../exit_codes.ts";
import type { Io } from "../io.ts";
import { columnsOf, isTerminal } from "../io.ts";
import { LiveRegion } from "../live_region.ts";
import { makeSampleFiles } from "../sample_files.ts";
import { jsonLine } from "../text/json.ts";
import type { Detached } from "../up/detach.ts";
import { detach } from "../up/detach.ts";
import { header } from "../up/header.ts";
import { openWindows } from "../up/tmux.ts";
import type { UpOptions } from "../up/options.ts";
import { addUpOptions, clusterOptions } from "../up/options.ts";
import type { CliCommand, CommandContext } from "./command.ts";

/** `troupe up`: a cluster of one's own, and a console to it. */
export const up: CliCommand = {
  name: "up",
  group: "Run",
  summary: "start a cluster and open its console",
  examples: [
    ["troupe up", "five peers with sample files, and a console"],
    ["troupe up -n 9 --share ./files", "shares ./files/peer-1 to ./files/peer-9"],
    ["printf 'use 2\\nlist net\\nquit\\n' | troupe up", "a script: results on stdout, no prompt"],
    ["troupe up --detach --for 10m", "in the background; see attach, ps, down"],
  ],
  configure: addUpOptions,
  run: runUp,
};

async function runUp(
  parsed: Readonly<Record<string, unknown>>,
  context: CommandContext,
): Promise<number> {
  const options = parsed as unknown as UpOptions;
  const { io, signal } = context;
  if (options.detach || options.tmux) return await inBackground(options, context);
  const settings = await clusterOptions(options, io.cwd);
  if (options.name !== undefined) await checkName(io.env, options.name);
  const terminal = options.console && isTerminal(io.stdin, io.env) && isTerminal(io.stdout, io.env);
  const out = terminal ? io.stdout : io.stderr;
  using region = new LiveRegion({
    out,
    live: terminal,
    columns: () => columnsOf(out, io.env),
  });
  const alarm = (violation: Violation): void =>
    region.log(
      context.err.red(["VIOLATION of the election", ...violationLines(violation)].join("\n")),
    );
  const startedAt = Date.now();
  const onEvent = watchCluster(settings, alarm);
  const cluster = await start({ ...settings, onEvent }, options, io);
  using over = timeUp(options.for);
  const down = new AbortController();
  let control: Control | undefined;
  try {
    control = await controlOf(cluster, options, context, {
      startedAt,
      down: () => down.abort(),
      warn: (text) => region.log(context.err.yellow(text)),
    });
    if (context.json && !options.console) io.stdout.write(readyLine(cluster, control));
    const style = terminal ? context.out : context.err;
    if (!context.quiet) {
      region.log(header(cluster, control?.name, options, context, { terminal, style }));
    }
    const ends = AbortSignal.any([signal, over.signal, down.signal]);
    return await serve(
      { cluster, breaking: new LocalBreaking(cluster), region, context, ends },
      options,
    );
  } finally {
    await cluster.close();
    await control?.[Symbol.asyncDispose]();
  }
}

async function inBackground(options: UpOptions, context: CommandContext): Promise<number> {
  // What is wrong with the options is told here, not in a log.
  await clusterOptions(options, context.io.cwd);
  const detached = await detach(options, context);
  tellDetached(detached, context);
  if (options.tmux) await openWindows(detached, detached.peers, context);
  return EXIT.ok;
}

/** Gives the person or the script its console until it is left, or waits. */
async function serve(place: ConsolePlace, options: UpOptions): Promise<number> {
  const { region, context, ends } = place;
  if (region.live) return await consoleAtTerminal(place);
  const exitCode = options.console
    ? await consoleOnPipe(place, options.for === undefined)
    : await withoutConsole(place);
  if (ends.aborted && !context.quiet) region.log("stopping the cluster");
  return exitCode;
}

/** The control socket; a cluster that nobody has named does without one where there can be none. */
async function controlOf(
  cluster: Cluster,
  { name }: UpOptions,
  { io }: CommandContext,
  { startedAt, down, warn }: {
    readonly startedAt: number;
    down(): void;
    warn(text: string): void;
  },
): Promise<Control | undefined> {
  const { env, runtime } = io;
  try {
    return await openControl({ env, name, runtime, cluster, startedAt, down });
  } catch (error) {
    if (name !== undefined) throw error;
    warn(`no control socket, so no attach, ps and down: ${errorText(error)}`);
    return undefined;
  }
}

function readyLine(cluster: Cluster, control: Control | undefined): string {
  const { seed, folder, peers } = cluster;
  const [name, socket] = [control?.name, control?.path];
  return jsonLine({ cluster: name, pid: process.pid, seed, folder, socket, peers });
}

function tellDetached(detached: Detached, { io, out, json }: CommandContext): void {
  const { name, pid, seed, folder, log, peers } = detached;
  if (json) return void io.stdout.write(jsonLine({ cluster: name, pid, seed, folder, log, peers }));
  io.stdout.write(
    `${out.bold(name)} runs in the background, process ${pid}, seed ${seed}\nfolder  ${folder}\n` +
      `attach  troupe attach ${name}/peer-1        stop  troupe down ${name}\n`,
  );
}

/** What was made for a cluster that does not start is removed. */
async function start(settings: ClusterOptions, { share }: UpOptions, io: Io): Promise<Cluster> {
  try {
    if (share === undefined) await makeSampleFiles(settings.shared ?? "", settings.peers ?? 0);
    return await io.createCluster(settings);
  } catch (error) {
    if (share === undefined) await rm(settings.folder ?? "", { recursive: true, force: true });
    throw error;
  }
}

/** A signal that is aborted after `ms`, and never if that is undefined. */
function timeUp(ms: number | undefined): Disposable & { readonly signal: AbortSignal } {
  const controller = new AbortController();
  const timer = ms === undefined ? undefined : setTimeout(() => controller.abort(), ms);
  return { signal: controller.signal, [Symbol.dispose]: () => clearTimeout(timer) };
}
