import { type ChildProcess, spawn } from "node:child_process";
import { chmod, mkdir, writeFile } from "node:fs/promises";
import { delimiter, join } from "node:path";
import process from "node:process";
import { PROGRAM, type Ran } from "./troupe.ts";

/** What is typed into whatever reads. */
const TYPED = "status\n";
/** Ms that a command may take. */
const WITHIN = 60_000;

/** A folder in which lines of a shell are run, with `troupe` on the PATH and a home of its own. */
export interface Workshop {
  readonly path: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** Makes `path` a workshop. */
export async function makeWorkshop(path: string): Promise<Workshop> {
  const bin = join(path, "bin");
  for (const folder of [bin, join(path, ".config", "fish", "completions"), join(path, "files")]) {
    await mkdir(folder, { recursive: true });
  }
  const words = PROGRAM.map((word) => `'${word}'`).join(" ");
  await writeFile(join(bin, "troupe"), `#!/bin/sh\nexec ${words} "$@"\n`);
  await chmod(join(bin, "troupe"), 0o755);
  const { PATH = "", HOME = "", DENO_DIR = join(HOME, ".cache", "deno") } = process.env;
  const own = { HOME: path, XDG_RUNTIME_DIR: path, XDG_STATE_HOME: join(path, "state") };
  const env = { ...process.env, ...own, DENO_DIR, PATH: `${bin}${delimiter}${PATH}` };
  return { path, env: { ...env, NO_COLOR: "1", CI: "1", COLUMNS: "200" } };
}

/** What a line came to, and what of it went to stdout. */
export interface Typed extends Ran {
  readonly stdout: string;
}

/** Runs `line` in a workshop; with `endless` Ctrl-C is pressed as soon as it has printed something. */
export function typeLine(
  line: string,
  { path, env }: Workshop,
  { endless = false }: { readonly endless?: boolean } = {},
): Promise<Typed> {
  return new Promise((resolve, reject) => {
    const child = spawn("bash", ["-c", line], { cwd: path, env, detached: true });
    let [output, stdout] = ["", ""];
    // The second Ctrl-C ends at once whatever still tidies up.
    let pressed = !endless;
    child.stdout.on("data", (data) => {
      stdout += String(data);
      output += String(data);
      if (pressed) return;
      pressed = true;
      signal(child, "SIGINT");
    });
    child.stderr.on("data", (data) => output += String(data));
    const late = setTimeout(() => {
      output += `\nnot done within ${WITHIN} ms`;
      signal(child, "SIGKILL");
    }, WITHIN);
    child.once("error", reject);
    child.once("close", (code) => {
      clearTimeout(late);
      resolve({ code, output, stdout });
    });
    child.stdin.on("error", () => {});
    child.stdin.end(TYPED);
  });
}

/** To the line and all that it started. */
function signal({ pid }: ChildProcess, name: "SIGINT" | "SIGKILL"): void {
  try {
    if (pid !== undefined) process.kill(-pid, name);
  } catch {
    // It has ended.
  }
}
