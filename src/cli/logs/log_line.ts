import type { NodeId, SystemEvent } from "../../actor/mod.ts";
import { isRecord } from "../control/messages.ts";
import { narrate } from "../narrate.ts";
import { printable } from "../text/printable.ts";

/** A line of a peer's log. */
export interface LogLine {
  readonly peer: string;
  /** ISO 8601. */
  readonly time: string;
  /** Milliseconds since the cluster began. */
  readonly at: number;
  readonly kind: string;
  readonly data: Readonly<Record<string, unknown>>;
  /** As it is in the file. */
  readonly raw: string;
}

/** What is shown of a log: what everybody wants to know, what happened to a peer, or every event. */
export type Level = "headline" | "detail" | "all";

/** `raw` of the log of `peer`; undefined if it is no line of a log, as the last one of a process that was killed. */
export function readLogLine(raw: string, peer: string): LogLine | undefined {
  let value: unknown;
  try {
    value = JSON.parse(raw);
  } catch {
    return undefined;
  }
  if (!isRecord(value)) return undefined;
  const { v: _version, time, atMs, kind, ...data } = value;
  if (typeof time !== "string" || typeof atMs !== "number" || typeof kind !== "string") {
    return undefined;
  }
  return { peer, time, at: atMs, kind, data, raw };
}

/** The words for what happened; its fields where there are no words. */
export function wordsOf({ kind, at, data }: Pick<LogLine, "kind" | "at" | "data">): string {
  const told = narrate(eventOf(kind, at, data));
  return told?.text ?? [kind, ...fieldsOf(data)].join("  ");
}

/** Whether `level` shows it. */
export function isShown({ kind, at, data }: LogLine, level: Level): boolean {
  if (level === "all") return true;
  const told = narrate(eventOf(kind, at, data));
  return told !== undefined && (level === "detail" || told.level === "headline");
}

/** `key=value` of everything but the peer, which stands in front. */
export function fieldsOf(data: Readonly<Record<string, unknown>>): string[] {
  return Object.entries(data).filter(([key, value]) => key !== "peer" && value !== undefined)
    .map(([key, value]) =>
      `${key}=${printable(typeof value === "string" ? value : JSON.stringify(value))}`
    );
}

function eventOf(kind: string, at: number, data: LogLine["data"]): SystemEvent {
  return { kind, at, data, node: "main" as NodeId, actor: undefined, name: undefined };
}
