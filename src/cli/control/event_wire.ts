import type { NodeId, SystemEvent } from "../../actor/mod.ts";
import { isRecord } from "./messages.ts";

/** An event as it is sent: as in the peers' logs, and with the thread it happened in. */
export interface WireEvent {
  readonly kind: string;
  /** Milliseconds since the cluster began. */
  readonly at: number;
  /** ISO 8601. */
  readonly time: string;
  readonly node: string;
  readonly name?: string | undefined;
  readonly data: Readonly<Record<string, unknown>>;
}

/** `event` for another process; `start` is when the cluster's clock began, in milliseconds since 1970. */
export function toWire({ kind, at, node, name, data }: SystemEvent, start: number): WireEvent {
  const time = new Date(start + at).toISOString();
  return { kind, at: Math.round(at * 1000) / 1000, time, node: String(node), name, data };
}

/** The event that was sent. What it carried besides plain data has become plain. */
export function fromWire(event: WireEvent): SystemEvent {
  const { kind, at, node, name, data } = event;
  return { kind, at, node: node as NodeId, actor: undefined, name, data };
}

/** Whether `value` is an event that was sent. */
export function isWireEvent(value: unknown): value is WireEvent {
  return isRecord(value) && typeof value["kind"] === "string" &&
    typeof value["at"] === "number" && typeof value["time"] === "string" &&
    isRecord(value["data"]);
}

/** Which events somebody wants. */
export interface EventFilter {
  /** Kinds, or their beginnings as `election.*`; all if there are none. */
  readonly kinds?: readonly string[];
  /** Ids of peers that it must be about; all if there are none. */
  readonly peers?: readonly string[];
}

/** Whether `filter` lets an event through. */
export function passes(
  { kinds = [], peers = [] }: EventFilter,
  { kind, data }: Pick<SystemEvent, "kind" | "data">,
): boolean {
  const peer = data["peer"];
  return (kinds.length === 0 || kinds.some((wanted) => matches(wanted, kind))) &&
    (peers.length === 0 || (typeof peer === "string" && peers.includes(peer)));
}

function matches(wanted: string, kind: string): boolean {
  return wanted.endsWith("*") ? kind.startsWith(wanted.slice(0, -1)) : kind === wanted;
}
