import type { Session } from "./session.ts";

/** What can stand in a place of a command line, for completion. */
export type ArgumentKind = "peer" | "file" | "command" | readonly string[];

/** One command of the console. */
export interface ConsoleCommand {
  /** In lower case; may be of two words, as `list my`. */
  readonly name: string;
  readonly aliases: readonly string[];
  /** Its arguments, as `<name> [from <peer>]`; empty if it has none. */
  readonly usage: string;
  readonly summary: string;
  /** The fewest and the most words after the name. */
  readonly words: readonly [least: number, most: number];
  /** What completes the first word after the name, the second, ... */
  readonly completes?: readonly ArgumentKind[];
  /** Does it, and prints what comes of it. Rejects with what the person is to be told. */
  run(session: Session, args: readonly string[], signal: AbortSignal): Promise<void>;
}

/** How `command` is typed. */
export function usageOf({ name, usage }: ConsoleCommand): string {
  return usage === "" ? name : `${name} ${usage}`;
}
