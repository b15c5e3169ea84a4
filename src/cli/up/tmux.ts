import type { CommandContext } from "../commands/command.ts";
import { ConsoleError } from "../errors.ts";
import { isTerminal } from "../io.ts";
import type { Detached } from "./detach.ts";

/** Rows of a window, in percent, that the log has. */
const LOG_PERCENT = 35;

/** What tmux is told: a window per peer in a session of the cluster's name, the console above, the log below. */
export function tmuxCommands(
  name: string,
  peers: readonly string[],
  troupe: readonly string[],
): string[][] {
  const shell = (...words: readonly string[]): string =>
    [...troupe, ...words].map(quoted).join(" ");
  return peers.flatMap((peer, index) => {
    const console = shell("attach", `${name}/${peer}`);
    const log = shell("logs", "--cluster", name, "--follow", "--lines", "20", peer);
    const window = `${name}:${peer}`;
    return [
      index === 0
        ? ["new-session", "-d", "-s", name, "-n", peer, console]
        : ["new-window", "-d", "-t", `${name}:`, "-n", peer, console],
      ["split-window", "-v", "-d", "-l", `${LOG_PERCENT}%`, "-t", window, log],
      // A console that was left is still read, and so is why.
      ["set-option", "-w", "-t", window, "remain-on-exit", "failed"],
    ];
  });
}

/** Opens the windows, and goes there where somebody sits at a terminal. */
export async function openWindows(
  { name }: Detached,
  peers: readonly string[],
  { io }: CommandContext,
): Promise<void> {
  const troupe = [...environment(io.env), ...io.self];
  for (const command of tmuxCommands(name, peers, troupe)) await tmux(io, command, false);
  if (!isTerminal(io.stdin, io.env) || !isTerminal(io.stdout, io.env)) {
    return void io.stderr.write(`tmux attach -t ${name}  shows the windows\n`);
  }
  const goes = io.env["TMUX"] ? ["switch-client", "-t", name] : ["attach-session", "-t", name];
  await tmux(io, goes, true);
  io.stderr.write(`the cluster may run on: troupe ps, troupe down ${name}\n`);
}

/** What this process was told and the tmux server, which is older, may not know. */
function environment(env: CommandContext["io"]["env"]): string[] {
  const told = ["XDG_RUNTIME_DIR", "XDG_STATE_HOME", "HOME", "NO_COLOR", "FORCE_COLOR", "DENO_DIR"]
    .flatMap((key) => env[key] === undefined ? [] : [`${key}=${env[key]}`]);
  return told.length === 0 ? [] : ["env", ...told];
}

async function tmux(
  io: CommandContext["io"],
  args: readonly string[],
  interactive: boolean,
): Promise<void> {
  const ended = await io.exec("tmux", args, interactive);
  if (ended.code === 0) return;
  throw new ConsoleError(
    ended.code === undefined
      ? "There is no tmux here"
      : `tmux ${args[0]} failed: ${ended.stderr.trim() || `exit code ${ended.code}`}`,
    { hint: "The cluster runs: troupe attach and troupe logs -f show the same in any terminal." },
  );
}

/** `word` for a shell. */
function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
