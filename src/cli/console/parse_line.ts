import { ConsoleError } from "../errors.ts";

/** A word of a line, as typed and as meant. */
export interface Word {
  readonly value: string;
  /** What was typed for it, quotes and backslashes included. */
  readonly raw: string;
  readonly start: number;
  /** The quote that was opened and not closed. */
  readonly open: string | undefined;
}

/**
 * The words of a line. Spaces separate them; quotes of either kind hold one together, and a backslash takes what follows as
 * it is (within quotes: only a quote or a backslash).
 */
export function splitLine(line: string): Word[] {
  const words: Word[] = [];
  let [start, value, open] = [-1, "", undefined as string | undefined];
  const end = (at: number): void => {
    if (start >= 0) words.push({ value, raw: line.slice(start, at), start, open });
    [start, value] = [-1, ""];
  };
  for (let at = 0; at < line.length; at++) {
    const char = line.charAt(at);
    const next = line.charAt(at + 1);
    if (open === undefined && /\s/.test(char)) {
      end(at);
      continue;
    }
    if (start < 0) start = at;
    if (char === "\\" && next !== "" && (open === undefined || next === open || next === "\\")) {
      value += next;
      at++;
    } else if (char === open) open = undefined;
    else if (open === undefined && (char === '"' || char === "'")) open = char;
    else value += char;
  }
  end(line.length);
  return words;
}

/** The words of a line that was entered. @throws ConsoleError if a quote is not closed */
export function parseLine(line: string): string[] {
  const words = splitLine(line);
  const last = words.at(-1);
  if (last?.open !== undefined) {
    throw new ConsoleError(`The quote in ${last.raw} is not closed; expected another ${last.open}`);
  }
  return words.map(({ value }) => value);
}

/** `value` as it must be typed to be one word. */
export function quoteWord(value: string): string {
  return value === "" ? '""' : value.replace(/[\s"'\\]/g, "\\$&");
}
