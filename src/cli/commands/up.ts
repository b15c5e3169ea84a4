import type { Command } from "commander";
import { Option } from "commander";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import type { Cluster, ClusterOptions } from "../../cluster/api.ts";
import type { ConsolePlace } from "../console/open.ts";
import { consoleAtTerminal, consoleOnPipe, withoutConsole } from "../console/open.ts";
import { type Violation, violationLines, watchCluster } from "../../lab/invariants/mod.ts";
import { EXIT } from "../exit_codes.ts";
import type { Io } from "../io.ts";
import { columnsOf, isTerminal } from "../io.ts";
import { LiveRegion } from "../live_region.ts";
import { duration, someText, wholeNumber } from "../parse_options.ts";
import { existingFolder, possibleFolder, runFolder } from "../run_folder.ts";
import { makeSampleFiles } from "../sample_files.ts";
import { VERSION } from "../version.ts";
import type { CliCommand, CommandContext } from "./command.ts";

const PROFILES = ["default", "fast", "turbo", "seed"] as const;
const MOST_PEERS = 100;

/** `troupe up`: a cluster of one's own, and a console to it. */
export const up: CliCommand = {
  name: "up",
  group: "Run",
  summary: "start a cluster and open its console",
  examples: [
    ["troupe up", "five peers with sample files, and a console"],
    ["troupe up -n 9 --share ./files", "shares ./files/peer-1 to ./files/peer-9"],
    ["printf 'use 2\\nlist net\\nquit\\n' | troupe up", "a script: results on stdout, no prompt"],
    ["troupe up --no-console --for 1m", "for a minute, without a console"],
  ],
  configure(command: Command): void {
    command
      .option("-n, --peers <n>", "how many peers", wholeNumber(1, MOST_PEERS), 5)
      .option(
        "--share <dir>",
        "folder with one folder per peer; sample files unless given",
        someText,
      )
      .option(
        "--downloads <dir>",
        "where downloads go, one folder per peer; in the run's folder unless given",
        someText,
      )
      .addOption(
        new Option("--profile <name>", "timers of the election").choices(PROFILES).default(
          "default",
        ),
      )
      .option("--seed <seed>", "determines every random draw; drawn unless given", someText)
      .option(
        "--quorum <n>",
        "votes that elect a tracker; the majority unless given",
        wholeNumber(1, MOST_PEERS),
      )
      .option("--unsafe", "allow a quorum that is no majority")
      .option("--no-restart", "let a crashed peer stay down")
      .option("--for <time>", "stop after this time, as 90s, and not when the input ends", duration)
      .option("--no-console", "do not read commands");
  },
  run: runUp,
};

/** What commander makes of the options above. */
interface UpOptions {
  readonly peers: number;
  readonly share?: string;
  readonly downloads?: string;
  readonly profile: (typeof PROFILES)[number];
  readonly seed?: string;
  readonly quorum?: number;
  readonly unsafe?: boolean;
  readonly restart: boolean;
  readonly for?: number;
  readonly console: boolean;
}

async function runUp(
  parsed: Readonly<Record<string, unknown>>,
  context: CommandContext,
): Promise<number> {
  const options = parsed as unknown as UpOptions;
  const { io, signal } = context;
  const settings = await clusterOptions(options, io.cwd);
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
  const onEvent = watchCluster(settings, alarm);
  const cluster = await start({ ...settings, onEvent }, options, io);
  using over = timeUp(options.for);
  let exitCode: number = EXIT.ok;
  try {
    if (!context.quiet) region.log(header(cluster, options, context, terminal));
    const ends = AbortSignal.any([signal, over.signal]);
    exitCode = await serve({ cluster, region, context, ends }, options);
  } finally {
    await cluster.close();
  }
  return exitCode;
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

async function clusterOptions(options: UpOptions, cwd: string): Promise<ClusterOptions> {
  const { peers, profile, unsafe = false, restart } = options;
  const downloads = options.downloads === undefined
    ? undefined
    : await possibleFolder("--downloads", options.downloads, cwd);
  return {
    peers,
    profile,
    unsafe,
    restart,
    ...await places(options.share, cwd),
    ...(downloads === undefined ? {} : { downloads }),
    ...(options.quorum === undefined ? {} : { quorum: options.quorum }),
    ...(options.seed === undefined ? {} : { seed: options.seed }),
  };
}

/** The folder that is shared; one in the run's own folder, where the sample files go, if none is given. */
async function places(
  share: string | undefined,
  cwd: string,
): Promise<{ readonly shared: string; readonly folder?: string }> {
  if (share !== undefined) return { shared: await existingFolder("--share", share, cwd) };
  const folder = runFolder(cwd, "up", new Date());
  return { shared: join(folder, "shared"), folder };
}

function header(
  cluster: Cluster,
  { quorum, profile }: UpOptions,
  { io, out, err }: CommandContext,
  terminal: boolean,
): string {
  const peers = cluster.peers.length;
  const style = terminal ? out : err;
  const facts = [
    style.bold(`troupe ${VERSION}`),
    io.runtime,
    `${peers} peers`,
    `quorum ${quorum ?? Math.floor(peers / 2) + 1}`,
    `timers ${profile}`,
    `seed ${cluster.seed}`,
  ];
  return `${facts.join("   ")}\nfolder  ${cluster.folder}` +
    (terminal ? "\nhelp lists the commands, Tab completes them, quit stops the cluster" : "");
}

/** A signal that is aborted after `ms`, and never if that is undefined. */
function timeUp(ms: number | undefined): Disposable & { readonly signal: AbortSignal } {
  const controller = new AbortController();
  const timer = ms === undefined ? undefined : setTimeout(() => controller.abort(), ms);
  return { signal: controller.signal, [Symbol.dispose]: () => clearTimeout(timer) };
}
