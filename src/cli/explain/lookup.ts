import { explain, type Topic, TOPICS } from "../../lab/explain/mod.ts";
import { suggest } from "../text/suggest.ts";
import { CODES, EXIT_CODES } from "./codes.ts";
import type { EventHelp } from "./events.ts";
import { EVENTS } from "./events.ts";

/** What a word stands for. */
export interface Explanation {
  readonly kind: "error" | "event" | "exit code" | "check" | "statistic" | "mutant";
  readonly name: string;
  readonly text: string;
  /** What an event carries. */
  readonly data?: string;
}

/** Every word that can be explained. */
export function explainable(): string[] {
  return [
    ...TOPICS.flatMap(({ name, also = [] }) => [name, ...also]),
    ...Object.keys(CODES),
    ...Object.keys(EVENTS),
    ...Object.keys(EXIT_CODES),
  ];
}

/**
 * What `word` stands for: the code of an error, a kind of event, an exit code, a check, an invariant, a statistic or a mutant; undefined
 * if it is none.
 */
export function lookup(word: string): Explanation | undefined {
  const name = word.trim();
  const text = own(CODES, name.toLowerCase());
  if (text !== undefined) return { kind: "error", name: name.toLowerCase(), text };
  const code = own(EXIT_CODES, name);
  if (code !== undefined) return { kind: "exit code", name, text: code };
  const event = own<EventHelp>(EVENTS, name) ?? own<EventHelp>(EVENTS, familyOf(name));
  if (event !== undefined) return { kind: "event", name, text: event.when, data: event.data };
  const topic = explain(name);
  return topic && { kind: topic.kind, name: topic.name, text: textOf(topic) };
}

function textOf({ also = [], says, more = [] }: Topic): string {
  const invariant = also.length > 0 ? ` (${also.join(", ")})` : "";
  return [`${says}${invariant}`, ...more].join("\n  ");
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
