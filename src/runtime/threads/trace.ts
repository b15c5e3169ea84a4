import type { Channel } from "node:diagnostics_channel";
import { channel } from "node:diagnostics_channel";
import debug from "debug";
import type { SystemEvent } from "../../actor/host.ts";

const PREFIX = "troupe";
const traces = new Map<string, debug.Debugger>();
const channels = new Map<string, Channel>();

/**
 * Shows an event to those outside the program's own code who ask for it: developers, with `DEBUG=troupe:*` or
 * `DEBUG=troupe:election` for one family of kinds; observers, on the `node:diagnostics_channel` `troupe:<kind>`.
 *
 * @example
 * ```ts
 * import { subscribe } from "node:diagnostics_channel";
 * subscribe("troupe:actor.exited", (event) => console.log(event));
 * ```
 */
export function trace(event: SystemEvent): void {
  const observers = channelOf(event.kind);
  if (observers.hasSubscribers) observers.publish(event);
  const log = traceOf(event.kind);
  if (log.enabled) log("%s %s %O", event.name ?? event.actor ?? event.node, event.kind, event.data);
}

function channelOf(kind: string): Channel {
  let found = channels.get(kind);
  if (found === undefined) channels.set(kind, found = channel(`${PREFIX}:${kind}`));
  return found;
}

function traceOf(kind: string): debug.Debugger {
  const [family = kind] = kind.split(".");
  let log = traces.get(family);
  if (log === undefined) traces.set(family, log = debug(`${PREFIX}:${family}`));
  return log;
}
