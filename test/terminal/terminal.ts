import { execFile, execFileSync } from "node:child_process";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { moduleUrl, RUNTIME } from "../../src/actor.ts";
import { eventually } from "../support/eventually.ts";
import { type TempDir, tempDir } from "../support/temp_dir.ts";

const run = promisify(execFile);
const ENTRY = fileURLToPath(moduleUrl("../../src/cli/main.ts", import.meta.url));
/** What a person waits for a cluster of this machine under load, at most. */
const WITHIN = 30_000;

/** How `troupe` is called by this runtime, as words of a shell. */
export const TROUPE: string = shellWords(
  process.execPath,
  ...(RUNTIME === "deno" ? ["run", "-A", "--no-check"] : []),
  ENTRY,
);

/** Why there can be no terminal here; where one was promised, its absence is a failure. */
export const NO_TERMINAL: string | false = hasTmux() || process.env["CI"]
  ? false
  : "there is no tmux: apt-get install tmux";

/** Words as a shell takes them. */
export function shellWords(...words: readonly string[]): string {
  return words.map((word) => `'${word}'`).join(" ");
}

function hasTmux(): boolean {
  try {
    execFileSync("tmux", ["-V"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

/** The pane that a terminal begins with. */
const FIRST = "0:0.0";

let servers = 0;

/** A terminal of a server of its own, with folders of its own: nothing of the person who runs the tests is touched. */
export class Terminal implements AsyncDisposable {
  readonly dir: TempDir;
  readonly #server = `troupe-test-${process.pid}-${++servers}`;

  private constructor(dir: TempDir) {
    this.dir = dir;
  }

  /** Opens a shell. @throws if there is no tmux: `apt-get install tmux` */
  static async open(columns = 110, rows = 30): Promise<Terminal> {
    const terminal = new Terminal(await tempDir());
    await terminal.#tmux(
      "-f",
      "/dev/null",
      "new-session",
      "-d",
      "-x",
      String(columns),
      "-y",
      String(rows),
      "-c",
      terminal.dir.path,
      ...Object.entries(terminal.env).flatMap(([key, value]) => ["-e", `${key}=${value}`]),
      "env PS1='$ ' sh",
    );
    await terminal.see(/\$$/);
    return terminal;
  }

  /** The environment of everything that is run in it. */
  get env(): Record<string, string> {
    const { path } = this.dir;
    return {
      HOME: path,
      XDG_RUNTIME_DIR: path,
      XDG_STATE_HOME: join(path, "state"),
      CI: "",
      NO_COLOR: "1",
      DENO_NO_UPDATE_CHECK: "1",
      DENO_DIR: denoDir(),
    };
  }

  /** Types `text` and presses Enter. */
  async type(text: string, pane: string = FIRST): Promise<void> {
    await this.#tmux("send-keys", "-t", pane, "-l", "--", text);
    await this.press("Enter", pane);
  }

  /** Types `text` alone. */
  async write(text: string, pane: string = FIRST): Promise<void> {
    await this.#tmux("send-keys", "-t", pane, "-l", "--", text);
  }

  /** Presses a key, as `C-c`, `Tab`, `Escape`. */
  async press(key: string, pane: string = FIRST): Promise<void> {
    await this.#tmux("send-keys", "-t", pane, key);
  }

  /** What is on the screen, and in the lines that scrolled out. */
  async screen(pane: string = FIRST): Promise<string> {
    const text = await this.#tmux("capture-pane", "-p", "-J", "-S", "-200", "-t", pane);
    return text.trimEnd();
  }

  /** The last line on the screen that is not empty. */
  async lastLine(pane: string = FIRST): Promise<string> {
    return (await this.screen(pane)).trimEnd().split("\n").at(-1) ?? "";
  }

  /** Waits until the screen matches; gives it. */
  async see(wanted: RegExp, pane: string = FIRST): Promise<string> {
    let screen = "";
    try {
      return await eventually(String(wanted), async () => {
        screen = await this.screen(pane);
        return wanted.test(screen) && screen;
      }, { timeoutMs: WITHIN, intervalMs: 50 });
    } catch (error) {
      throw new Error(`${wanted} was not seen; the screen:\n${screen}`, { cause: error });
    }
  }

  /** Another pane beside the first; gives its name. */
  async split(): Promise<string> {
    const id = await this.#tmux(
      "split-window",
      "-h",
      "-P",
      "-F",
      "#{pane_id}",
      "-c",
      this.dir.path,
      ...Object.entries(this.env).flatMap(([key, value]) => ["-e", `${key}=${value}`]),
      "env PS1='$ ' sh",
    );
    await this.see(/\$$/, id.trim());
    return id.trim();
  }

  /** Names of the windows, and how many panes each has. */
  async windows(): Promise<string[]> {
    const text = await this.#tmux("list-windows", "-a", "-F", "#{window_name} #{window_panes}");
    return text.trim().split("\n");
  }

  async #tmux(...args: string[]): Promise<string> {
    const { stdout } = await run("tmux", ["-L", this.#server, ...args], {
      env: { ...process.env, TMUX: "", TERM: "xterm-256color" },
    });
    return stdout;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    try {
      // Whatever a failed test left running.
      execFileSync("sh", ["-c", `${TROUPE} down --all -q`], {
        env: { ...process.env, ...this.env },
        stdio: "ignore",
      });
    } catch {
      // There was none.
    }
    await this.#tmux("kill-server").catch(() => {});
    await this.dir[Symbol.asyncDispose]();
  }
}

/** Where Deno keeps its packages: those that were fetched already. */
function denoDir(): string {
  return process.env["DENO_DIR"] ?? join(process.env["HOME"] ?? "", ".cache", "deno");
}
