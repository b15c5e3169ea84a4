import type { SystemEvent } from "../../actor/mod.ts";
import { toError } from "../../actor/mod.ts";
import type { WorldEvent } from "./world_event.ts";

/**
 * A line of a trace: microseconds, what happened. Holds nothing that engines or machines do their own way: no stacks, no
 * paths, no fractions beyond microseconds.
 */
export function happeningLine(at: number, event: WorldEvent): string {
  return `${micros(at)} ${event.describe()}`;
}

/** The same for what somebody outside did to the world. */
export function actLine(at: number, what: string): string {
  return `${micros(at)} @ ${what}`;
}

/** The same for an event of the system's stream. */
export function eventLine(event: SystemEvent): string {
  const { kind, at, name, actor, node, data } = event;
  return `${micros(at)} ! ${kind} ${name ?? actor ?? node} ${JSON.stringify(data, plain)}`;
}

function micros(ms: number): number {
  return Math.round(ms * 1_000);
}

function plain(_key: string, value: unknown): unknown {
  if (value instanceof Error) {
    const error = toError(value) as Error & { readonly code?: unknown };
    // The text of errors that are not ours is the engine's.
    return error.code === undefined ? error.name : { code: error.code, message: error.message };
  }
  if (typeof value === "number" && !Number.isInteger(value)) return micros(value) / 1_000;
  if (value instanceof ArrayBuffer || ArrayBuffer.isView(value)) return `${value.byteLength} bytes`;
  return value;
}
