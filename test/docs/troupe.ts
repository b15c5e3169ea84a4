import { spawn } from "node:child_process";
import { extname } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";

/** Compiled on Node, source on Deno. */
const EXTENSION = extname(import.meta.url);
export const ON_DENO: boolean = EXTENSION === ".ts";
/** The repository. */
export const ROOT: URL = new URL(ON_DENO ? "../../" : "../../../", import.meta.url);

const MAIN = fileURLToPath(new URL(`../../src/cli/main${EXTENSION}`, import.meta.url));

const CONFIG = fileURLToPath(new URL("deno.json", ROOT));
/** The words that run `troupe` with this runtime. */
export const PROGRAM: readonly string[] = [
  process.execPath,
  ...(ON_DENO ? ["run", "--no-check", "--no-prompt", "--config", CONFIG, "-A"] : []),
  MAIN,
];

/** What a command came to. */
export interface Ran {
  readonly code: number | null;
  readonly output: string;
}

/** `troupe` as a reader of a page types it in `cwd`; `typed` is what is typed into its console. */
export function troupe(
  argv: readonly string[],
  cwd: string,
  { typed = "", permissions = ["-A"] }: {
    readonly typed?: string;
    /** What Deno allows it. */
    readonly permissions?: readonly string[];
  } = {},
): Promise<Ran> {
  return new Promise((resolve, reject) => {
    const env = { ...process.env, NO_COLOR: "1", CI: "1", COLUMNS: "200" };
    const runtime = ON_DENO
      ? ["run", "--no-check", "--no-prompt", "--config", CONFIG, ...permissions, MAIN]
      : [MAIN];
    const child = spawn(process.execPath, [...runtime, ...argv], { cwd, env });
    let output = "";
    child.stdout.on("data", (data) => output += String(data));
    child.stderr.on("data", (data) => output += String(data));
    child.once("error", reject);
    child.once("close", (code) => resolve({ code, output }));
    child.stdin.end(typed);
  });
}
