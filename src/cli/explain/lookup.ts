import { suggest } from "../text/suggest.ts";
import { CODES, EXIT_CODES } from "./codes.ts";
import type { EventHelp } from "./events.ts";
import { EVENTS } from "./events.ts";

/** What a word stands for. */
export interface Explanation {
  readonly kind: "error" | "event" | "exit code";
  readonly name: string;
  readonly text: string;
  /** What an event carries. */
  readonly data?: string;
}

/** Every word that can be explained. */
export function explainable(): string[] {
  return [...Object.keys(CODES), ...Object.keys(EVENTS), ...Object.keys(EXIT_CODES)];
}

/** What `word` stands for: the code of an error, a kind of event, or an exit code; undefined if it is none. */
export function lookup(word: string): Explanation | undefined {
  const name = word.trim();
  const text = own(CODES, name.toLowerCase());
  if (text !== undefined) return { kind: "error", name: name.toLowerCase(), text };
  const code = own(EXIT_CODES, name);
  if (code !== undefined) return { kind: "exit code", name, text: code };
  const event = own<EventHelp>(EVENTS, name) ?? own<EventHelp>(EVENTS, familyOf(name));
  return event && { kind: "event", name, text: event.when, data: event.data };
}

/** The word that was probably meant. */
export function nearest(word: string): string | undefined {
  return suggest(word, explainable());
}

/** `election.*` for `election.win`. */
function familyOf(name: string): string {
  return name.replace(/\..*$/, ".*");
}

function own<T>(table: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(table, key) ? table[key] : undefined;
}
