import { ConsoleError } from "../errors.ts";
import { suggest } from "../text/suggest.ts";
import type { ConsoleCommand } from "./command.ts";
import { usageOf } from "./command.ts";
import { CONSOLE_COMMANDS } from "./commands/table.ts";
import { parseLine } from "./parse_line.ts";
import type { Session } from "./session.ts";
import { tell } from "./tell.ts";

/** A command and the words after its name. */
export interface Found {
  readonly command: ConsoleCommand;
  readonly args: readonly string[];
}

/** Runs one line. Gives whether it did what it should; what went wrong has been told. */
export async function runLine(
  session: Session,
  line: string,
  signal: AbortSignal,
): Promise<boolean> {
  try {
    const words = parseLine(line);
    if (words.length === 0) return true;
    const { command, args } = findCommand(words);
    const [least, most] = command.words;
    if (args.length < least || args.length > most) {
      throw new ConsoleError(`Usage: ${usageOf(command)}`);
    }
    await command.run(session, args, signal);
    return true;
  } catch (error) {
    if (signal.aborted) session.complain("stopped");
    else tell(session, error);
    return false;
  }
}

/**
 * The command that `words` begin with. A number alone takes that line of the last search.
 *
 * @throws ConsoleError that suggests what may have been meant
 */
export function findCommand(words: readonly string[]): Found {
  const [first = "", second = ""] = words.map((word) => word.toLowerCase());
  if (words.length === 1 && /^\d+$/.test(first)) {
    return { command: named("get"), args: words };
  }
  for (
    const [name, args] of [[`${first} ${second}`, words.slice(2)], [first, words.slice(1)]] as const
  ) {
    const command = CONSOLE_COMMANDS.find((known) =>
      known.name === name || known.aliases.includes(name)
    );
    if (command !== undefined) return { command, args };
  }
  throw new ConsoleError(unknown(first, second));
}

function named(name: string): ConsoleCommand {
  const command = CONSOLE_COMMANDS.find((known) => known.name === name);
  if (command === undefined) throw new Error(`The console has no command ${name}`);
  return command;
}

function unknown(first: string, second: string): string {
  const longer = CONSOLE_COMMANDS.map(({ name }) => name).filter((name) =>
    name.startsWith(`${first} `)
  );
  if (longer.length > 0) return `"${first}" needs another word: ${longer.join(" or ")}`;
  const names = CONSOLE_COMMANDS.map(({ name }) => name);
  const meant = (second === "" ? undefined : suggest(`${first} ${second}`, names)) ??
    suggest(first, names);
  return `Unknown command "${first}"` +
    (meant === undefined ? '; "help" lists the commands' : `; did you mean "${meant}"?`);
}
