import { createReadStream } from "node:fs";
import { readdir, readFile, stat } from "node:fs/promises";
import { basename, join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { TroupeError } from "../../actor/mod.ts";
import type { RunResult, TraceLine } from "../run/mod.ts";
import type { Schedule } from "../scenario/mod.ts";
import type { Summary } from "../statistics/mod.ts";
import type { VerdictFile } from "./layout.ts";
import { FILES, LATEST, RUNS } from "./layout.ts";

/** No run is meant by what was told, or several are. */
export class RunNotFoundError extends TroupeError {
  readonly code = "usage";
  readonly hint = "troupe runs lists them";
}

/** The folder of a run, read as it is needed. */
export class RunFolder {
  /** Absolute. */
  readonly path: string;
  readonly id: string;

  constructor(path: string) {
    this.path = resolve(path);
    this.id = basename(this.path);
  }

  schedule(): Promise<Schedule> {
    return this.#json(FILES.schedule);
  }

  /** Undefined while it runs, or where it was cut short. */
  async verdict(): Promise<VerdictFile | undefined> {
    return await this.#json<VerdictFile>(FILES.verdict).catch(() => undefined);
  }

  async summary(): Promise<Summary | undefined> {
    return await this.#json<Summary>(FILES.summary).catch(() => undefined);
  }

  async results(): Promise<RunResult[]> {
    const text = await readFile(join(this.path, FILES.results), "utf8");
    return text.split("\n").filter((line) => line !== "").map((line) => JSON.parse(line));
  }

  /** Seeds whose traces are kept. */
  async traced(): Promise<string[]> {
    return (await readdir(join(this.path, FILES.runs)).catch(() => [])).sort();
  }

  /** The trace of the run with `seed`, line by line. */
  async *events(seed: string): AsyncGenerator<TraceLine> {
    const path = join(this.path, FILES.runs, seed, FILES.events);
    const lines = createInterface({ input: createReadStream(path, "utf8") });
    for await (const line of lines) if (line !== "") yield JSON.parse(line);
  }

  async #json<T>(name: string): Promise<T> {
    return JSON.parse(await readFile(join(this.path, name), "utf8"));
  }
}

/** All runs below `root`, the newest first. */
export async function listRuns(root: string): Promise<RunFolder[]> {
  const runs = join(root, RUNS);
  const names = await readdir(runs).catch(() => []);
  const found: { readonly folder: RunFolder; readonly made: number }[] = [];
  for (const name of names) {
    if (name === LATEST) continue;
    const path = join(runs, name);
    const file = await stat(join(path, FILES.schedule)).catch(() => undefined);
    if (file !== undefined) found.push({ folder: new RunFolder(path), made: file.mtimeMs });
  }
  return found.sort((a, b) => b.made - a.made || (a.folder.id < b.folder.id ? 1 : -1))
    .map(({ folder }) => folder);
}

/**
 * The run that is meant by an id, a path, `latest`, `latest~1` (the one before) or the beginning of an id.
 *
 * @throws RunNotFoundError
 */
export async function findRun(root: string, which: string): Promise<RunFolder> {
  const path = resolve(root, which);
  if (await stat(join(path, FILES.schedule)).then(() => true, () => false)) {
    return new RunFolder(path);
  }
  const runs = await listRuns(root);
  const latest = /^latest(?:~(\d+))?$/.exec(which);
  if (latest !== null) {
    const run = runs[Number(latest[1] ?? 0)];
    if (run !== undefined) return run;
    throw new RunNotFoundError(
      `There is no run "${which}": ${runs.length} ${runs.length === 1 ? "is" : "are"} kept here`,
    );
  }
  const meant = runs.filter(({ id }) => id === which || id.startsWith(which));
  if (meant.length === 1) return meant[0]!;
  throw new RunNotFoundError(
    meant.length === 0
      ? `There is no run "${which}"`
      : `"${which}" could be ${meant.map(({ id }) => id).join(", ")}`,
  );
}
