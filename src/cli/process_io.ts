import process from "node:process";
import type { Io, Stop } from "./io.ts";
import { exec } from "./exec.ts";
import { launch, selfArguments } from "./launch.ts";

/** The process itself as the outside world of the command line. */
export function processIo(): Io {
  const listeners = new Set<(stop: Stop) => void>();
  const tell = (stop: Stop): void => {
    for (const listener of [...listeners]) listener(stop);
  };
  for (const stream of [process.stdout, process.stderr]) {
    // Without a listener, a reader that has gone away is an uncaught exception.
    stream.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code !== "EPIPE") throw error;
      tell("EPIPE");
    });
  }
  return {
    stdin: process.stdin,
    stdout: process.stdout,
    stderr: process.stderr,
    env: process.env,
    runtime: runtimeName(),
    cwd: process.cwd(),
    async createCluster(options) {
      // Loaded when it is needed, so that help and usage errors come at once.
      const { createCluster } = await import("../cluster/mod.ts");
      return await createCluster(options);
    },
    launch,
    self: [process.execPath, ...selfArguments()],
    exec,
    onStop(fn) {
      const [interrupted, terminated] = [() => fn("SIGINT"), () => fn("SIGTERM")];
      listeners.add(fn);
      process.on("SIGINT", interrupted);
      process.on("SIGTERM", terminated);
      return {
        [Symbol.dispose](): void {
          listeners.delete(fn);
          process.off("SIGINT", interrupted);
          process.off("SIGTERM", terminated);
        },
      };
    },
    exit: (code) => process.exit(code),
  };
}

/** As `node 20.20.2` or `deno 2.9.6`. */
function runtimeName(): string {
  const { deno, node } = process.versions;
  return deno === undefined ? `node ${node}` : `deno ${deno}`;
}
