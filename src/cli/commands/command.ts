import type { Command } from "commander";
import type { Io } from "../io.ts";
import type { Style } from "../style.ts";

/** What every command is given besides its own options. */
export interface CommandContext {
  readonly io: Io;
  /** Aborted when the process is asked to end; the command then closes what it opened and returns. */
  readonly signal: AbortSignal;
  /** What Ctrl-C does; for a console, which gets that key itself. */
  interrupt(): void;
  /** The colours of stdout, and of stderr. */
  readonly out: Style;
  readonly err: Style;
  /** `--quiet`: results only. */
  readonly quiet: boolean;
  /** `--json`: every result is one JSON object a line, `"v": 1` in front; see {@linkcode jsonLine}. */
  readonly json: boolean;
  /** The words of the command line that are no options, in order. */
  readonly args: readonly string[];
}

/** The headings of the help, in its order. */
export type Group = "Run" | "Look" | "Break" | "Results" | "Check" | "Help";

/** What can stand in a place of a command line, for completion; the words themselves where they are few. */
export type Completes = "peer" | "cluster" | "run" | "file" | "command" | readonly string[];

/** One command of `troupe`; a file each, listed in commands/table.ts. */
export interface CliCommand {
  readonly name: string;
  /** The heading of the help that it stands under. */
  readonly group: Group;
  readonly summary: string;
  readonly examples: readonly (readonly [line: string, what: string])[];
  /** What completes its first operand, its second, ...; the last holds for all that follow. Files unless given. */
  readonly completes?: readonly Completes[];
  /** Adds options and arguments. */
  configure(command: Command): void;
  /** Does it; gives the exit code. Options are as `configure` parsed them. */
  run(options: Readonly<Record<string, unknown>>, context: CommandContext): Promise<number>;
}
