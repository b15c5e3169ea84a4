import type { Command } from "commander";

/** What a person may call a kept run. */
export const RUN_WORDS = "an id, its beginning, a folder, latest or latest~1";

/** The run that a command is about; {@linkcode runNamed} gives it. */
export function addRunArgument(command: Command): Command {
  return command.argument("[run]", `${RUN_WORDS}; latest unless given`);
}

/** What {@linkcode addRunArgument} was told. */
export function runNamed(args: readonly string[]): string {
  return args[0] ?? "latest";
}
