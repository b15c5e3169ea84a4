import { DURATION, readDuration } from "./quantities.ts";
import type { PlannedCheck } from "./schedule.ts";

/** What a threshold says: `< 500ms`, `>= 3`, `== 0`. */
export type Threshold = Required<Pick<PlannedCheck, "op" | "limit">>;

/** Reads a threshold; undefined if it is none. Durations become ms. */
export function readThreshold(text: string): Threshold | undefined {
  const [, op, value = ""] = /^\s*(<=|>=|==|<|>)\s*(\S+)\s*$/.exec(text) ?? [];
  if (op === undefined) return undefined;
  if (DURATION.test(value)) return { op: op as Threshold["op"], limit: readDuration(value) };
  return /^\d+(\.\d+)?$/.test(value)
    ? { op: op as Threshold["op"], limit: Number(value) }
    : undefined;
}
