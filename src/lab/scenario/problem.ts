import { TroupeError } from "../../actor/mod.ts";

/** The way to a value in a file: keys and indexes. */
export type Path = readonly (string | number)[];

/** Something wrong in a file, by its place in the data. */
export interface Fault {
  readonly path: Path;
  /** Whether the key at the end of the path is meant, not its value. */
  readonly key?: boolean;
  readonly message: string;
}

/** Something wrong in a file, where a person sees it. */
export interface Problem {
  readonly file: string;
  /** From 1; 0 where no place can be told. */
  readonly line: number;
  readonly column: number;
  readonly message: string;
  /** The line as it stands in the file. */
  readonly text: string;
  /** Characters from `column` on that are meant. */
  readonly length: number;
}

/** A scenario file is wrong; nothing was run. */
export class ScenarioError extends TroupeError {
  readonly code = "scenario";
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[]) {
    const { file, line, column, message } = problems[0]!;
    const more = problems.length > 1 ? ` (and ${problems.length - 1} more)` : "";
    super(`${file}${line > 0 ? `:${line}:${column}` : ""}  ${message}${more}`);
    this.problems = problems;
  }
}

/** A problem as a person reads it: where, what, the line and a caret. */
export function problemLines({ file, line, column, message, text, length }: Problem): string[] {
  if (line === 0) return [`${file}  ${message}`];
  const number = String(line).padStart(5);
  return [
    `${file}:${line}:${column}  ${message}`,
    `${number} | ${text}`,
    `${" ".repeat(number.length)} | ${" ".repeat(column - 1)}${"^".repeat(Math.max(1, length))}`,
  ];
}

/** `faults[2].who` of a path. */
export function pathText(path: Path): string {
  return path.map((part) => typeof part === "number" ? `[${part}]` : `.${part}`).join("").replace(
    /^\./,
    "",
  );
}
