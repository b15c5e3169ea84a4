import type { SystemEvent } from "../../actor/mod.ts";
import { inTone, narrate } from "../narrate.ts";
import type { Style } from "../style.ts";

/** The line that a console at `peer` shows for `event`, with the time in front; undefined for what does not concern it. */
export function notice(
  event: SystemEvent,
  peer: string,
  now: Date,
  style: Style,
): string | undefined {
  const told = narrate(event);
  // A console tells its own downloads' ends itself.
  if (told === undefined || event.kind.startsWith("download.")) return undefined;
  if (told.level === "detail" && told.peer !== peer) return undefined;
  return `${style.dim(clockTime(now))} ${inTone(told, style)}`;
}

function clockTime(now: Date): string {
  return [now.getHours(), now.getMinutes(), now.getSeconds()]
    .map((part) => String(part).padStart(2, "0")).join(":");
}
