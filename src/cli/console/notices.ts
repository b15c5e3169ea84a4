import type { SystemEvent } from "../../actor/mod.ts";
import { inTone, narrate } from "../narrate.ts";
import type { Style } from "../style.ts";

/** What a console shows of what happens: headlines and its own peer's details, every detail, or nothing. */
export type NoticeLevel = "headline" | "detail" | "off";
export const NOTICE_LEVELS: readonly NoticeLevel[] = ["headline", "detail", "off"];

/** Where a console stands, and what it wants to be told. */
export interface Interest {
  readonly peer: string;
  readonly noticeLevel: NoticeLevel;
}

/** The line that a console shows for `event`, with the time in front; undefined for what does not concern it. */
export function notice(
  event: SystemEvent,
  { peer, noticeLevel }: Interest,
  now: Date,
  style: Style,
): string | undefined {
  if (noticeLevel === "off") return undefined;
  const told = narrate(event);
  // A console tells its own downloads' ends itself.
  if (told === undefined || event.kind.startsWith("download.")) return undefined;
  const wanted = told.level === "headline" || noticeLevel === "detail" || told.peer === peer;
  if (!wanted) return undefined;
  return `${style.dim(clockTime(now))} ${inTone(told, style)}`;
}

function clockTime(now: Date): string {
  return [now.getHours(), now.getMinutes(), now.getSeconds()]
    .map((part) => String(part).padStart(2, "0")).join(":");
}
