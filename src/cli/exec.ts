import { spawn } from "node:child_process";
import { codeOf } from "./errors.ts";
import type { Executed } from "./io.ts";

/** Runs another program; see `Io.exec`. */
export function exec(
  program: string,
  args: readonly string[],
  interactive: boolean,
): Promise<Executed> {
  const child = spawn(program, args, {
    stdio: interactive ? "inherit" : ["ignore", "ignore", "pipe"],
  });
  return new Promise((resolve, reject) => {
    let stderr = "";
    child.stderr?.on("data", (chunk) => stderr += String(chunk));
    child.once(
      "error",
      (error) => codeOf(error) === "ENOENT" ? resolve({ code: undefined, stderr }) : reject(error),
    );
    child.once("close", (code) => resolve({ code: code ?? 1, stderr }));
  });
}
