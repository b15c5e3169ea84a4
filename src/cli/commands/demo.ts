import { Option } from "commander";
import { mkdir, mkdtemp, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Cluster } from "../../cluster/api.ts";
import { Checks } from "../demo/checks.ts";
import { FILM_SIZE, makeDemoFiles } from "../demo/files.ts";
import { play } from "../demo/story.ts";
import { ElectionLog } from "../election_log.ts";
import { errorText, Interrupted } from "../errors.ts";
import { EXIT } from "../exit_codes.ts";
import { columnsOf, isLive } from "../io.ts";
import { LiveRegion } from "../live_region.ts";
import { inTone, narrate } from "../narrate.ts";
import { bytes } from "../parse_options.ts";
import type { Style } from "../style.ts";
import { formatBytes } from "../text/bytes.ts";
import { jsonLine } from "../text/json.ts";
import { VERSION } from "../version.ts";
import { pause, settlesWithin } from "../waiting.ts";
import type { CliCommand, CommandContext } from "./command.ts";

/** Milliseconds that the demo may take, closing apart. It is started unwatched, so it must end. */
const WITHIN = 25_000;
/** Milliseconds between two steps, where somebody watches. */
const BEAT = 900;
/** Milliseconds that closing may take before the process is ended as it is. */
const CLOSE_WITHIN = 4_000;

const HINTS = `Try:  troupe up                      a cluster of your own, with a console
      troupe up --peers 9 --share .  share the folders peer-1 to peer-9 of this one
      troupe --help                  everything else`;

/** `troupe demo`: the main job in ten seconds, checked. */
export const demo: CliCommand = {
  name: "demo",
  group: "Run",
  summary: "watch five peers elect a tracker, move files and survive its crash",
  examples: [
    ["troupe demo", "a narrated tour; exit code 1 if a check fails"],
    ["troupe demo -q", "the checks only"],
    ["troupe demo --json", "the same for a program; the story goes to stderr"],
  ],
  configure(command) {
    command.addOption(
      new Option("--size <bytes>", "how large the large file is, as 64MiB")
        .argParser(bytes).default(FILM_SIZE, formatBytes(FILM_SIZE)),
    );
  },
  run: (options, context) => runDemo(Number(options["size"]), context),
};

async function runDemo(filmSize: number, context: CommandContext): Promise<number> {
  const { io, json } = context;
  const start = performance.now();
  // A program is told what held, a person the story.
  const [told, out] = json ? [io.stderr, context.err] : [io.stdout, context.out];
  const region = new LiveRegion({
    out: told,
    live: isLive(told, io.env),
    columns: () => columnsOf(told, io.env),
  });
  const atMs = (): number => Math.round(performance.now() - start);
  const stamp = (): string => `${(atMs() / 1_000).toFixed(2).padStart(6)}s`;
  const say = (text: string): void => {
    if (!context.quiet) region.log(`${out.dim(stamp())}  ${text}`);
  };
  const checks = new Checks((mark, text) => {
    if (json) {
      return void io.stdout.write(jsonLine({ check: text, ok: mark === "ok", atMs: atMs() }));
    }
    const shown = mark === "ok" ? out.green("ok  ") : out.red("FAIL");
    region.log(`${out.dim(stamp())}  ${shown}  ${text}`);
  });
  const folder = await realpath(await mkdtemp(join(tmpdir(), "troupe-demo-")));
  try {
    await inCluster(context, folder, filmSize, { region, checks, say, out });
  } catch (error) {
    if (error instanceof Interrupted) throw error;
    checks.check("the demo comes to its end", false, errorText(error));
  } finally {
    region[Symbol.dispose]();
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  }
  say("closed, temporary files removed");
  const { passed, failed } = checks;
  if (json) io.stdout.write(jsonLine({ passed, failed }));
  else {
    region.log(
      failed === 0
        ? out.green(`\n${passed} checks ok`)
        : out.red(`\n${failed} of ${passed + failed} checks FAILED`),
    );
  }
  if (!context.quiet) region.log(`\n${HINTS}`);
  return failed === 0 ? EXIT.ok : EXIT.failed;
}

interface Tools {
  readonly region: LiveRegion;
  readonly out: Style;
  readonly checks: Checks;
  readonly say: (text: string) => void;
}

async function inCluster(
  context: CommandContext,
  folder: string,
  filmSize: number,
  tools: Tools,
): Promise<void> {
  const { io, quiet } = context;
  const { region, checks, say, out } = tools;
  const show = (text: string): void => {
    if (!quiet) region.log(text.replace(/^/gm, "         "));
  };
  const shared = join(folder, "shared");
  await mkdir(shared);
  const deadline = AbortSignal.timeout(WITHIN);
  const signal = AbortSignal.any([context.signal, deadline]);
  if (!quiet) region.log(`${out.bold(`troupe ${VERSION}`)} - ${io.runtime}\n`);
  const files = await makeDemoFiles(shared, filmSize);
  signal.throwIfAborted();
  say("made a temporary folder of files for each of 5 peers");

  const cluster = await io.createCluster({ peers: 5, shared, folder: join(folder, "run") });
  try {
    say(`peer-1..5 started in 5 worker threads, seed ${cluster.seed}`);
    const elections = new ElectionLog();
    using _events = cluster.on("*", (event) => {
      elections.add(event);
      const told = narrate(event);
      if (told?.level === "headline" || event.kind === "election.win" && told) {
        say(inTone(told, out));
      }
    });
    const beat = (): Promise<void> => region.live ? pause(BEAT, signal) : Promise.resolve();
    await play({ cluster, files, elections, checks, region, signal, say, show, beat });
  } finally {
    await closeOrExit(cluster, context);
  }
}

async function closeOrExit(cluster: Cluster, { io }: CommandContext): Promise<void> {
  const closing = cluster.close();
  if (await settlesWithin(closing, CLOSE_WITHIN)) return await closing;
  io.stderr.write(`error: The cluster did not close within ${CLOSE_WITHIN} ms\n`);
  io.exit(EXIT.failed);
}
