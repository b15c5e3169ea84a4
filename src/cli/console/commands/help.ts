import { ConsoleError } from "../../errors.ts";
import { formatTable } from "../../text/table.ts";
import type { ConsoleCommand } from "../command.ts";
import { usageOf } from "../command.ts";

/** `help`, over the table that it is part of itself. */
export function makeHelp(commands: () => readonly ConsoleCommand[]): ConsoleCommand {
  return {
    name: "help",
    aliases: ["?", "h"],
    usage: "[command]",
    summary: "list the commands, or explain one",
    words: [0, 2],
    completes: ["command"],
    run(session, args) {
      const name = args.join(" ").toLowerCase();
      session.print(name === "" ? overview(commands()) : explain(commands(), name));
      return Promise.resolve();
    },
  };
}

function overview(commands: readonly ConsoleCommand[]): string {
  const rows = commands.map(({ name, aliases, summary }) => [name, aliases.join(", "), summary]);
  // How each is typed would make lines that no terminal has room for.
  return `${formatTable(["command", "short", "does"], rows)}\nhelp <command> says how it is typed`;
}

function explain(commands: readonly ConsoleCommand[], name: string): string {
  const command = commands.find((known) => known.name === name || known.aliases.includes(name));
  if (command === undefined) throw new ConsoleError(`There is no command "${name}"`);
  const short = command.aliases.length === 0 ? "" : `\nshort: ${command.aliases.join(", ")}`;
  return `${usageOf(command)}\n  ${command.summary}${short}`;
}
