import type { Command, Option } from "commander";
import type { Completes } from "../commands/command.ts";

/** Names that only this moment knows. */
export interface Names {
  clusters(): Promise<readonly string[]>;
  /** Of the only cluster that runs: its peers; of several: `cluster/peer`. */
  peers(): Promise<readonly string[]>;
  /** Ids of the runs that are kept here, the newest first. */
  runs(): Promise<readonly string[]>;
}

/** What completes each operand of a command, by its name. */
export type Operands = (command: string) => readonly Completes[];

/**
 * What the last of `words` may become. Nothing is left for the shell to complete: files.
 *
 * @param words those after `troupe`, the last one being typed and maybe empty
 */
export async function candidates(
  program: Command,
  words: readonly string[],
  operands: Operands,
  names: Names,
): Promise<readonly string[]> {
  const typed = words.at(-1) ?? "";
  const before = words.slice(0, -1);
  const at = before.findIndex((word) => !word.startsWith("-"));
  const command = program.commands.find((known) => known.name() === before[at]);
  if (command === undefined) return starting(typed, [...namesOf(program), ...longOptions(program)]);
  const options = [...command.options, ...program.options];
  const asked = options.find((option) => isFor(option, before.at(-1)) && takesValue(option));
  if (asked !== undefined) {
    if (asked.long === "--cluster") return starting(typed, await names.clusters());
    if (asked.long === "--peer") return starting(typed, await names.peers());
    return starting(typed, asked.argChoices ?? []);
  }
  if (typed.startsWith("-")) {
    return starting(typed, options.map(({ long }) => long ?? "").filter(Boolean));
  }
  const rest = before.slice(at + 1);
  const given = rest.filter((word, index) =>
    !word.startsWith("-") && !isValue(options, rest, index)
  );
  const kinds = operands(command.name());
  // The last kind is that of all that follow.
  const kind = kinds[Math.min(given.length, kinds.length - 1)];
  return starting(typed, await ofKind(kind, program, names));
}

async function ofKind(
  kind: Completes | undefined,
  program: Command,
  names: Names,
): Promise<readonly string[]> {
  if (kind === "cluster") return await names.clusters();
  if (kind === "peer") return [...await names.peers(), "tracker", "random"];
  if (kind === "run") return ["latest", ...await names.runs()];
  if (kind === "command") return namesOf(program);
  return kind === undefined || kind === "file" ? [] : kind;
}

function namesOf(program: Command): string[] {
  return program.commands.map((command) => command.name()).filter((name) => !name.startsWith("_"));
}

function longOptions(command: Command): string[] {
  return command.options.map(({ long }) => long ?? "").filter(Boolean);
}

function isFor({ long, short }: Option, word: string | undefined): boolean {
  return word !== undefined && (word === long || word === short);
}

function takesValue({ required, optional }: Option): boolean {
  return required || optional;
}

/** Whether the word at `index` is the value of the option in front of it. */
function isValue(options: readonly Option[], words: readonly string[], index: number): boolean {
  return options.some((option) => isFor(option, words[index - 1]) && takesValue(option));
}

function starting(typed: string, names: readonly string[]): string[] {
  return names.filter((name) => name.startsWith(typed));
}
