/** A program that stands in a page: its files by name, and what it is said to print. */
export interface Program {
  readonly name: string;
  readonly files: ReadonlyMap<string, string>;
  /** The file to run. */
  readonly main: string;
  readonly prints: readonly string[];
}

/**
 * The programs of a Markdown page. A block that begins with a comment that names a file is that file, and belongs to the next
 * `main.ts`; any other block is a program of its own. What a line prints stands behind it in a comment.
 */
export function programsOf(page: string, text: string): Program[] {
  const programs: Program[] = [];
  let files = new Map<string, string>();
  for (const [, code = ""] of text.matchAll(/^```ts\n([\s\S]*?)^```$/gm)) {
    const file = /^\/\/ (\S+\.ts)\n/.exec(code)?.[1] ?? "main.ts";
    files.set(file, code);
    if (file !== "main.ts") continue;
    programs.push({
      name: `${page} ${programs.length + 1}`,
      files,
      main: file,
      prints: printed(code),
    });
    files = new Map();
  }
  return programs;
}

function printed(code: string): string[] {
  return [...code.matchAll(/console\.log\(.*; \/\/ (.*)$/gm)].map(([, text = ""]) => text);
}
