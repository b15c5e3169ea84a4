import type { Command } from "commander";
import { Option } from "commander";
import { join } from "node:path";
import type { ClusterOptions } from "../../cluster/api.ts";
import { duration, durationRange, someText, wholeNumber } from "../parse_options.ts";
import { existingFolder, possibleFolder, runFolder } from "../run_folder.ts";

const PROFILES = ["default", "fast", "turbo", "seed", "crowd"] as const;
const PROTOCOLS = ["troupe", "seed-literal"] as const;
const MOST_PEERS = 100;

/** What commander makes of the options of `troupe up`. */
export interface UpOptions {
  readonly peers: number;
  readonly share?: string;
  readonly downloads?: string;
  readonly profile: (typeof PROFILES)[number];
  readonly heartbeat?: number;
  readonly timeout?: readonly [min: number, max: number];
  readonly protocol: (typeof PROTOCOLS)[number];
  readonly seed?: string;
  readonly quorum?: number;
  readonly unsafe?: boolean;
  readonly restart: boolean;
  readonly for?: number;
  readonly name?: string;
  readonly console: boolean;
  readonly detach?: boolean;
  readonly tmux?: boolean;
}

/** Adds the options of `troupe up`. */
export function addUpOptions(command: Command): void {
  command
    .addOption(
      new Option("-n, --peers <n>", "how many peers").argParser(wholeNumber(1, MOST_PEERS))
        .default(5).env("TROUPE_PEERS"),
    )
    .option("--share <dir>", "folder with one folder per peer; sample files unless given", someText)
    .option(
      "--downloads <dir>",
      "where downloads go, one folder per peer; in the run's folder unless given",
      someText,
    )
    .addOption(
      new Option("--profile <name>", "timers of the election").choices(PROFILES)
        .default("default").env("TROUPE_PROFILE"),
    )
    .option(
      "--heartbeat <time>",
      "between two heartbeats, as 50ms; the profile's unless given",
      duration,
    )
    .option(
      "--timeout <min-max>",
      "silence after which a peer stands for election, as 150ms-300ms",
      durationRange,
    )
    .addOption(
      new Option("--protocol <name>", "whose voting; seed-literal needs --unsafe")
        .choices(PROTOCOLS).default("troupe"),
    )
    .option("--seed <seed>", "determines every random draw; drawn unless given", someText)
    .option(
      "--quorum <n>",
      "votes that elect a tracker; the majority unless given",
      wholeNumber(1, MOST_PEERS),
    )
    .option("--unsafe", "allow a quorum that is no majority, and the seed's own voting")
    .option("--no-restart", "let a crashed peer stay down")
    .option("--for <time>", "stop after this time, as 90s, and not when the input ends", duration)
    .option(
      "--name <name>",
      "of the cluster, for attach, ps and down; drawn from the seed",
      someText,
    )
    .option("--no-console", "do not read commands")
    .option("-d, --detach", "run in the background; troupe attach gives a console, down stops it")
    .option("--tmux", "one window per peer: its console above, its log below");
}

/** What a cluster is made of that was asked for so. */
export async function clusterOptions(options: UpOptions, cwd: string): Promise<ClusterOptions> {
  const { peers, profile, protocol, unsafe = false, restart, heartbeat, timeout } = options;
  const downloads = options.downloads === undefined
    ? undefined
    : await possibleFolder("--downloads", options.downloads, cwd);
  return {
    peers,
    profile,
    protocol,
    unsafe,
    restart,
    ...await places(options.share, cwd),
    ...((heartbeat !== undefined || timeout !== undefined) && {
      timers: {
        ...(heartbeat !== undefined && { heartbeat }),
        ...(timeout !== undefined && { timeoutMin: timeout[0], timeoutMax: timeout[1] }),
      },
    }),
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

/** The command line of a cluster without a console that is asked for by `options`. */
export function backgroundArguments(options: UpOptions): string[] {
  const { heartbeat, timeout } = options;
  const told: readonly (readonly [string, string | number | undefined])[] = [
    ["--peers", options.peers],
    ["--share", options.share],
    ["--downloads", options.downloads],
    ["--profile", options.profile],
    ["--heartbeat", heartbeat && `${heartbeat}ms`],
    ["--timeout", timeout && `${timeout[0]}ms-${timeout[1]}ms`],
    ["--protocol", options.protocol],
    ["--seed", options.seed],
    ["--quorum", options.quorum],
    ["--for", options.for && `${options.for}ms`],
    ["--name", options.name],
  ];
  return [
    "up",
    "--no-console",
    "--json",
    ...(options.unsafe ? ["--unsafe"] : []),
    ...(options.restart ? [] : ["--no-restart"]),
    // In one word: a value may begin with a dash.
    ...told.flatMap(([name, value]) => value === undefined ? [] : [`${name}=${value}`]),
  ];
}
