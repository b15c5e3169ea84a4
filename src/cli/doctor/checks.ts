import { accessSync, constants, existsSync, mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { availableParallelism, freemem, tmpdir, totalmem } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { Worker } from "node:worker_threads";
import { claimFolder, controlFolder, socketPath } from "../control/place.ts";
import { errorText } from "../errors.ts";
import type { Io } from "../io.ts";
import { formatBytes } from "../text/bytes.ts";
import { VERSION } from "../version.ts";

/** What was found out about one thing. */
export interface Finding {
  readonly what: string;
  /** `missing`: something that is not needed for everything. */
  readonly state: "ok" | "missing" | "wrong";
  readonly found: string;
  /** What to do about it. */
  readonly hint?: string;
}

/** Bytes of memory that a worker thread takes, at most, as measured. */
const PER_THREAD = 13 * 1024 * 1024;
const THREAD_WITHIN = 10_000;

/** Looks at everything that troupe needs of this machine. */
export async function examine(io: Io): Promise<Finding[]> {
  return [
    { what: "troupe", state: "ok", found: VERSION },
    runtime(process.versions),
    machine(),
    await threads(),
    await socket(io.env),
    folder(io.cwd),
    await program(io, "tmux", "troupe up --tmux needs it"),
    ...zombies(),
  ];
}

/** Whether this runtime is new enough. */
export function runtime(
  { node, deno }: { readonly node?: string | undefined; readonly deno?: string | undefined },
): Finding {
  const [name, version = "0", least] = deno === undefined
    ? ["node", node, "20.19.0"] as const
    : ["deno", deno, "2.9.0"] as const;
  const found = `${name} ${version}`;
  if (!isBefore(version, least)) return { what: "runtime", state: "ok", found };
  return { what: "runtime", state: "wrong", found, hint: `troupe needs ${name} ${least} or later` };
}

function isBefore(version: string, least: string): boolean {
  const [have, need] = [version, least].map((text) =>
    text.split(".").map((part) => parseInt(part))
  );
  for (const [index, part] of (need ?? []).entries()) {
    const mine = have?.[index] ?? 0;
    if (mine !== part) return mine < part;
  }
  return false;
}

function machine(): Finding {
  const cores = availableParallelism();
  const free = freemem();
  const found = `${cores} cores, ${formatBytes(free)} of ${formatBytes(totalmem())} free`;
  const peers = Math.floor(free / PER_THREAD);
  return free > 16 * PER_THREAD ? { what: "machine", state: "ok", found } : {
    what: "machine",
    state: "missing",
    found,
    hint: `there is room for about ${peers} threads`,
  };
}

/** Whether a thread starts and answers. */
async function threads(): Promise<Finding> {
  const began = performance.now();
  const code = 'import { parentPort } from "node:worker_threads"; parentPort.postMessage("here");';
  try {
    const worker = new Worker(new URL(`data:text/javascript,${encodeURIComponent(code)}`));
    await new Promise((resolve, reject) => {
      const timer = setTimeout(
        () => reject(new Error(`no answer within ${THREAD_WITHIN} ms`)),
        THREAD_WITHIN,
      );
      worker.once("message", resolve);
      worker.once("error", reject);
      worker.once("exit", () => clearTimeout(timer));
    }).finally(() => worker.terminate());
    const ms = Math.round(performance.now() - began);
    return { what: "threads", state: "ok", found: `a worker thread answers after ${ms} ms` };
  } catch (error) {
    const hint = "Deno needs --allow-read for the program's own files";
    return { what: "threads", state: "wrong", found: errorText(error), hint };
  }
}

/** Whether other terminals can reach a cluster of this one. */
async function socket(env: Io["env"]): Promise<Finding> {
  const what = "control socket";
  try {
    const folder = controlFolder(env);
    claimFolder(folder);
    const path = socketPath(folder, `doctor-${process.pid}`);
    const server = createServer();
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen(path, resolve);
    });
    await new Promise((resolve) => server.close(resolve));
    rmSync(path, { force: true });
    return { what, state: "ok", found: folder };
  } catch (error) {
    const hint =
      "without it there is no attach, ps and down; Deno needs --allow-net and --allow-write";
    return { what, state: "missing", found: errorText(error), hint };
  }
}

/** Whether runs can be kept below the working folder. */
function folder(cwd: string): Finding {
  const what = "runs";
  const runs = join(cwd, ".troupe", "runs");
  try {
    accessSync(existsSync(runs) ? runs : cwd, constants.W_OK);
    rmSync(mkdtempSync(join(existsSync(runs) ? runs : tmpdir(), "doctor-")), { recursive: true });
    return { what, state: "ok", found: runs };
  } catch (error) {
    const hint = "change to a folder that you may write to";
    return { what, state: "wrong", found: errorText(error), hint };
  }
}

async function program(io: Io, name: string, hint: string): Promise<Finding> {
  const { code } = await io.exec(name, ["-V"], false);
  return code === 0
    ? { what: name, state: "ok", found: "is there" }
    : { what: name, state: "missing", found: "not found", hint };
}

/** What this runtime cannot do, said before it surprises. */
function zombies(): Finding[] {
  return process.versions["deno"] === undefined ? [] : [{
    what: "runaway threads",
    state: "missing",
    found: "Deno never kills a thread that does not yield",
    hint: "such a thread is given up and counted as a zombie; Node kills it within milliseconds",
  }];
}
