import type { ArgumentKind, ConsoleCommand } from "./command.ts";
import { CONSOLE_COMMANDS } from "./commands/table.ts";
import { quoteWord, splitLine } from "./parse_line.ts";

/** What names there are to complete. */
export interface Known {
  readonly peers: readonly string[];
  readonly files: readonly string[];
}

/** What readline wants of a completer: the candidates, and the end of the line that they replace. */
export type Completion = [candidates: string[], replaces: string];

/** Completes `line` at its end. */
export function complete(line: string, known: Known): Completion {
  const text = line.trimStart();
  const words = splitLine(text);
  const last = words.at(-1);
  const inWord = last !== undefined && last.start + last.raw.length === text.length;
  const found = commandAt(words.map(({ value }) => value.toLowerCase()), inWord);
  if (found === undefined) {
    const typed = text.toLowerCase().replace(/\s+/g, " ");
    const names = CONSOLE_COMMANDS.map(({ name }) => name).filter((name) => name.startsWith(typed));
    return [names.map((name) => `${name} `), text];
  }
  const typed = inWord ? last : undefined;
  const kind = found.command.completes?.[found.argument];
  return [candidates(kind, typed?.value ?? "", typed?.raw ?? "", known), typed?.raw ?? ""];
}

/** The command that is typed already, and which of its arguments the cursor is in; undefined in the command itself. */
function commandAt(
  words: readonly string[],
  inWord: boolean,
): { command: ConsoleCommand; argument: number } | undefined {
  const complete = inWord ? words.slice(0, -1) : words;
  for (const size of [2, 1]) {
    if (complete.length < size) continue;
    const name = complete.slice(0, size).join(" ");
    const command = CONSOLE_COMMANDS.find((known) =>
      known.name === name || known.aliases.includes(name)
    );
    if (command !== undefined) return { command, argument: complete.length - size };
  }
  return undefined;
}

function candidates(
  kind: ArgumentKind | undefined,
  value: string,
  raw: string,
  known: Known,
): string[] {
  const matching = (names: readonly string[]): string[] =>
    names.filter((name) => name.toLowerCase().startsWith(value.toLowerCase()));
  if (kind === undefined) return [];
  if (kind === "command") return matching(CONSOLE_COMMANDS.map(({ name }) => name));
  if (kind === "peer") return matching(peerNames(known.peers, value)).map((name) => `${name} `);
  if (kind !== "file") return matching(kind).map((name) => `${name} `);
  // Within quotes that are still open, what follows needs no backslashes.
  const quote = /^["']/.exec(raw)?.[0];
  return known.files.filter((name) => name.startsWith(value)).sort().map((name) =>
    quote === undefined ? `${quoteWord(name)} ` : `${quote}${name}${quote} `
  );
}

/** `3` stands for `peer-3`, so that both complete. */
function peerNames(peers: readonly string[], typed: string): readonly string[] {
  return /^\d/.test(typed)
    ? peers.map((peer) => peer.replace(/^peer-/, ""))
    : [...peers, "tracker"];
}
