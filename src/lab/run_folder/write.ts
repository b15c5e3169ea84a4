import { createWriteStream, type WriteStream } from "node:fs";
import { mkdir, rm, symlink, writeFile } from "node:fs/promises";
import { once } from "node:events";
import { basename, join } from "node:path";
import type { RunResult, TraceLine } from "../run/mod.ts";
import type { Schedule } from "../scenario/mod.ts";
import type { Summary } from "../statistics/mod.ts";
import type { VerdictFile } from "./layout.ts";
import { FILES, folderName, LATEST, RUNS } from "./layout.ts";

/** The trace of one run as it is written. */
export interface EventSink extends AsyncDisposable {
  write(line: TraceLine): void;
}

/** Writes the folder of a run. */
export class RunFolderWriter implements AsyncDisposable {
  /** Absolute. */
  readonly path: string;
  readonly id: string;
  readonly #results: WriteStream;

  /** Makes `.troupe/runs/<time>-<name>/` below `root`, and lets `latest` point to it. */
  static async create(
    root: string,
    schedule: Schedule,
    { now, folder }: { readonly now: Date; readonly folder?: string },
  ): Promise<RunFolderWriter> {
    const runs = join(root, RUNS);
    const path = folder ?? await freeFolder(runs, folderName(schedule.name, now));
    await mkdir(path, { recursive: true });
    if (folder === undefined) await link(runs, basename(path));
    const writer = new RunFolderWriter(path);
    await writer.#json(FILES.schedule, schedule);
    return writer;
  }

  private constructor(path: string) {
    this.path = path;
    this.id = basename(path);
    this.#results = createWriteStream(join(path, FILES.results));
  }

  /** Keeps the scenario file as it was written. */
  async source(name: string, text: string): Promise<void> {
    await writeFile(join(this.path, basename(name)), text);
  }

  result(result: RunResult): void {
    this.#results.write(`${JSON.stringify(result)}\n`);
  }

  /** The folder of the run with `seed`. */
  runPath(seed: string): string {
    return join(this.path, FILES.runs, seed.replace(/[^\w.-]/g, "_"));
  }

  /** Where the trace of the run with `seed` goes. */
  async events(seed: string): Promise<EventSink> {
    const folder = this.runPath(seed);
    await mkdir(folder, { recursive: true });
    const stream = createWriteStream(join(folder, FILES.events));
    return {
      write: (line) => void stream.write(`${JSON.stringify(line, plain)}\n`),
      [Symbol.asyncDispose]: () => ended(stream),
    };
  }

  async finish(verdict: VerdictFile, summary: Summary | undefined): Promise<void> {
    await this.#json(FILES.verdict, verdict);
    if (summary !== undefined) await this.#json(FILES.summary, summary);
  }

  async #json(name: string, value: unknown): Promise<void> {
    await writeFile(join(this.path, name), `${JSON.stringify(value, null, 2)}\n`);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return ended(this.#results);
  }
}

/** Errors are no JSON by themselves. */
function plain(_key: string, value: unknown): unknown {
  return value instanceof Error ? { name: value.name, message: value.message } : value;
}

async function ended(stream: WriteStream): Promise<void> {
  stream.end();
  if (!stream.closed) await once(stream, "close");
}

/** `name` below `runs`, with a number behind it where one of this second has it already. */
async function freeFolder(runs: string, name: string): Promise<string> {
  await mkdir(runs, { recursive: true });
  for (let i = 1;; i++) {
    const path = join(runs, i === 1 ? name : `${name}-${i}`);
    try {
      await mkdir(path);
      return path;
    } catch (error) {
      if ((error as { code?: unknown }).code !== "EEXIST") throw error;
    }
  }
}

async function link(runs: string, to: string): Promise<void> {
  const path = join(runs, LATEST);
  await rm(path, { recursive: true, force: true });
  // Where links are not allowed there is none, and `latest` is found by its time.
  await symlink(to, path, "junction").catch(() => {});
}
