import debug from "debug";
import type { SystemEvent } from "../../actor/host.ts";

const PREFIX = "troupe";
const traces = new Map<string, debug.Debugger>();

/** Shows an event to developers who ask for it: `DEBUG=troupe:*`, or `DEBUG=troupe:election` for one family of kinds. */
export function trace(event: SystemEvent): void {
  const [family = event.kind] = event.kind.split(".");
  let log = traces.get(family);
  if (log === undefined) {
    log = debug(`${PREFIX}:${family}`);
    traces.set(family, log);
  }
  if (log.enabled) log("%s %s %O", event.name ?? event.actor ?? event.node, event.kind, event.data);
}
