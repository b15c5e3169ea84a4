/** A command of a page, with what it prints. */
export interface Shown {
  readonly command: string;
  readonly exit: number;
  /** Lines that it prints, in this order; others may stand between where the page says `...`. */
  readonly prints: readonly string[];
}

/** What a reader of a page is told to do, in order. */
export type Task =
  | { readonly file: string; readonly text: string }
  | Shown;

/**
 * The tasks of a page: a block whose first line is a comment with a file's name is to be saved, and what stands behind `$` in a block
 * called `console` is to be typed; `exit=1` behind that word is the exit code.
 */
export function tasksOf(text: string): Task[] {
  return [...text.matchAll(/^```(yaml|console)(?: exit=(\d+))?\n([\s\S]*?)^```$/gm)].flatMap(
    ([, kind, exit = "0", body = ""]): Task[] => {
      if (kind === "console") return commandsOf(body, Number(exit));
      const file = /^# (\S+)\n/.exec(body)?.[1];
      return file === undefined ? [] : [{ file, text: body }];
    },
  );
}

function commandsOf(body: string, exit: number): Shown[] {
  return body.split(/^\$ /m).slice(1).map((part): Shown => {
    const [command = "", ...lines] = part.split("\n");
    return { command, exit, prints: lines.filter((line) => line !== "" && line !== "...") };
  });
}

/** A line without what differs from run to run: numbers, folders and spaces. */
export function shapeOf(line: string): string {
  return line.replace(/\d+(-\d+)*(-fuzz)?(\.\d+)?/g, "#").replace(/\s+/g, " ").trim();
}

/** The first of `prints` that `output` has not, after those before it; undefined if it has all. */
export function missingFrom(output: string, prints: readonly string[]): string | undefined {
  const lines = output.split("\n").map(shapeOf);
  let from = 0;
  return prints.find((line) => {
    const at = lines.findIndex((printed, i) => i >= from && printed.startsWith(shapeOf(line)));
    from = at + 1;
    return at < 0;
  });
}
