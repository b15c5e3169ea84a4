import { readFile } from "node:fs/promises";
import { relative, resolve } from "node:path";
import type { Document, Node, Pair } from "yaml";
import { explainIssue, type Issue } from "./explain.ts";
import type { Fault, Path, Problem } from "./problem.ts";
import { ScenarioError } from "./problem.ts";
import type { ScenarioFile } from "./scenario_file.ts";
import type { Schedule } from "./schedule.ts";
import { senseOf } from "./sense.ts";
import { toSchedule } from "./to_schedule.ts";

/** A scenario as it was read. */
export interface ReadScenario {
  readonly schedule: Schedule;
  /** The file's own wishes about its runs. */
  readonly runs: {
    readonly mode?: "sim" | "live";
    /** The first seed, and how many. */
    readonly seed?: number;
    readonly count?: number;
  };
}

/** How a scenario is read. */
export interface ReadOptions {
  /** Replaces values before the file is checked: `cluster.peers` -> `7`. Values are read as YAML. */
  readonly set?: Readonly<Record<string, string>>;
  /** How the file is named in messages. */
  readonly name?: string;
}

/**
 * Reads a scenario file, YAML or JSON.
 *
 * @throws ScenarioError that tells every problem with its line
 */
export async function readScenario(path: string, options: ReadOptions = {}): Promise<ReadScenario> {
  const text = await readFile(path, "utf8");
  return await parseScenario(text, { name: relative(".", resolve(path)), ...options });
}

/**
 * Reads a scenario from text, YAML or JSON.
 *
 * @throws ScenarioError that tells every problem with its line
 *
 * @example
 * ```ts
 * import { parseScenario, runSchedule } from "troupe/lab";
 * const { schedule } = await parseScenario(`
 * scenario: a crash
 * faults:
 *   - { at: 1s, do: crash, who: tracker }
 * `);
 * console.log((await runSchedule(schedule, { seed: 1, mode: "sim" })).verdict); // pass
 * ```
 */
export async function parseScenario(
  text: string,
  { set = {}, name = "scenario" }: ReadOptions = {},
): Promise<ReadScenario> {
  // Those who never read a file load neither of them.
  const [yaml, { jsonSchema, scenarioFile }] = await Promise.all([
    import("yaml"),
    import("./file_schema.ts"),
  ]);
  const lines = new yaml.LineCounter();
  const document = yaml.parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const place = new Places(name, text, document, lines);
  if (document.errors.length > 0) {
    throw new ScenarioError(
      document.errors.map(({ pos: [from, to], message }) => place.at(from, to, message)),
    );
  }
  for (const [key, value] of Object.entries(set)) {
    document.setIn(
      key.split(".").map((part) => /^\d+$/.test(part) ? Number(part) : part),
      yaml.parse(value),
    );
  }
  const data: unknown = document.toJS();
  const parsed = scenarioFile.safeParse(data);
  const faults = parsed.success
    ? senseOf(data as ScenarioFile)
    : parsed.error.issues.flatMap((issue) => explainIssue(issue as Issue, data, jsonSchema()));
  if (faults.length > 0) throw new ScenarioError(faults.map((fault) => place.of(fault)));
  const file = data as ScenarioFile;
  return { schedule: toSchedule(file), runs: runsOf(file) };
}

function runsOf({ runs = {} }: ScenarioFile): ReadScenario["runs"] {
  const { mode, seeds } = runs;
  const [first, last] = seeds === undefined ? [] : String(seeds).split("..").map(Number);
  return {
    ...(mode !== undefined && { mode }),
    ...(first !== undefined && { seed: first }),
    ...(first !== undefined && last !== undefined && { count: Math.max(1, last - first + 1) }),
  };
}

/** Finds values in the text of a file. */
class Places {
  readonly #name: string;
  readonly #text: string;
  readonly #document: Document.Parsed;
  readonly #lines: { linePos(offset: number): { line: number; col: number } };

  constructor(
    name: string,
    text: string,
    document: Document.Parsed,
    lines: { linePos(offset: number): { line: number; col: number } },
  ) {
    this.#name = name;
    this.#text = text;
    this.#document = document;
    this.#lines = lines;
  }

  of({ path, key = false, message }: Fault): Problem {
    const [from, to] = this.#range(path, key);
    return this.at(from, to, message);
  }

  at(from: number, to: number, message: string): Problem {
    const { line, col } = this.#lines.linePos(from);
    const text = this.#text.split("\n")[line - 1] ?? "";
    const end = Math.min(to - from, text.length - col + 1);
    const [first = ""] = message.split("\n");
    return { file: this.#name, line, column: col, message: first, text, length: Math.max(1, end) };
  }

  /** Where the value at `path` stands, or the key of it; of what is not in the text, what it would be in. */
  #range(path: Path, key: boolean): readonly [from: number, to: number] {
    let node = this.#document.contents as Node | null;
    let range = node?.range ?? [0, 1];
    for (const [i, part] of path.entries()) {
      const { items } = (node ?? {}) as { readonly items?: readonly (Pair<Node, Node> | Node)[] };
      const item = typeof part === "number"
        ? items?.[part]
        : items?.find((one) => "key" in one && String((one as Pair<Node>).key) === part);
      if (item === undefined) break;
      const isPair = "key" in item;
      node = (isPair ? (item as Pair<Node, Node>).value : item as Node) ?? null;
      const meant = isPair && (key && i === path.length - 1 || node?.range == null)
        ? (item as Pair<Node>).key
        : node;
      range = meant?.range ?? range;
    }
    return [range[0], range[1]];
  }
}
