import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { RUNTIME } from "../../src/actor.ts";
import { shellWords } from "./terminal.ts";

/** The root of the package; the compiled tests are in dist/. */
const ROOT = new URL(RUNTIME === "deno" ? "../../" : "../../../", import.meta.url);

/** `troupe` as the runtime that these tests do not run on calls it, or why it cannot be called here. */
export type Other =
  | { readonly name: "deno" | "node"; readonly troupe: string }
  | { readonly missing: string };

/** Finds Node on the PATH, or Deno by npx. */
export function otherRuntime(): Other {
  return RUNTIME === "deno" ? nodeHere() : denoHere();
}

function nodeHere(): Other {
  const main = fileURLToPath(new URL("dist/src/cli/main.js", ROOT));
  const node = pathOf("node", ["-p", "process.execPath"]);
  if (node === undefined) return { missing: "there is no node on the PATH" };
  if (!existsSync(main)) return { missing: "nothing is built for Node: npm run build" };
  return { name: "node", troupe: shellWords(node, main) };
}

/** The version is that of the package's own scripts. */
function denoHere(): Other {
  const { scripts } = JSON.parse(readFileSync(new URL("package.json", ROOT), "utf8"));
  const [pinned = "deno"] = /deno@\S+/.exec(scripts["test:deno"]) ?? [];
  const deno = pathOf("npx", ["--yes", pinned, "eval", "console.log(Deno.execPath())"]);
  if (deno === undefined) return { missing: `npx does not get ${pinned}` };
  const main = fileURLToPath(new URL("src/cli/main.ts", ROOT));
  return { name: "deno", troupe: shellWords(deno, "run", "-A", "--no-check", main) };
}

function pathOf(program: string, args: readonly string[]): string | undefined {
  try {
    // What npm was told when it ran these tests is not meant for this one.
    const own = Object.entries(process.env).filter(([key]) => !key.startsWith("npm_"));
    const env = { ...Object.fromEntries(own), DENO_NO_UPDATE_CHECK: "1" };
    return execFileSync(program, args, { encoding: "utf8", env, timeout: 60_000 }).trim();
  } catch {
    return undefined;
  }
}
