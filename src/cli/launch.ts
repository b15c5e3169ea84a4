import { spawn } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import process from "node:process";
import { fileURLToPath } from "node:url";
import type { Launched } from "./io.ts";
import { VERSION } from "./version.ts";

/** Starts `troupe` in the background; see `Io.launch`. */
export async function launch(
  argv: readonly string[],
  log: string,
  signal: AbortSignal,
): Promise<Launched> {
  signal.throwIfAborted();
  const stderr = openSync(log, "w", 0o600);
  const child = spawn(process.execPath, [...selfArguments(), ...argv], {
    detached: true,
    stdio: ["ignore", "pipe", stderr],
  });
  closeSync(stderr);
  return await new Promise<Launched>((resolve, reject) => {
    let text = "";
    const settled = (settle: () => void): void => {
      signal.removeEventListener("abort", abort);
      child.stdout?.destroy();
      child.unref();
      settle();
    };
    const abort = (): void => {
      child.kill("SIGTERM");
      settled(() => reject(signal.reason));
    };
    signal.addEventListener("abort", abort, { once: true });
    child.once("error", (error) => settled(() => reject(error)));
    child.once(
      "close",
      (code) => settled(() => resolve({ firstLine: undefined, exitCode: code ?? undefined })),
    );
    child.stdout?.on("data", (chunk) => {
      text += String(chunk);
      const end = text.indexOf("\n");
      if (end >= 0) {
        settled(() => resolve({ firstLine: text.slice(0, end), exitCode: undefined }));
      }
    });
  });
}

/** What a runtime must be told to run this very program again. */
export function selfArguments(): string[] {
  const url = new URL(import.meta.url.endsWith(".ts") ? "./main.ts" : "./main.js", import.meta.url);
  if (process.versions["deno"] === undefined) return [...process.execArgv, fileURLToPath(url)];
  if (url.protocol !== "file:") return ["run", "-A", url.href];
  // What Deno keeps of npm packages in its own place it runs by their names alone.
  if (/\/npm\/[^/]+\/troupe\/\d/.test(url.pathname)) return ["run", "-A", `npm:troupe@${VERSION}`];
  return ["run", "-A", "--no-check", fileURLToPath(url)];
}
