import type { Entry, RegistryEvent } from "../actor/mod.ts";
import type { Home } from "../actor/refs.ts";
import { makeRef } from "../actor/refs.ts";
import type { Change, NameRecord } from "./wire.ts";

/** `record` as people see it; messages through its ref come from `home`. */
export function toEntry(record: NameRecord, home: Home): Entry {
  return {
    name: record.name,
    ref: makeRef(home, record.id, record.name),
    meta: record.meta,
  };
}

/** `change` as a watcher is told it. */
export function toEvent(change: Change<NameRecord>, home: Home): RegistryEvent {
  const entry = toEntry(change.item, home);
  return change.type === "added"
    ? { type: "registered", entry }
    : { type: "unregistered", entry, reason: change.reason };
}
