import type { ActiveFault } from "../../cluster/faults.ts";
import { formatDuration } from "../text/duration.ts";
import type { Crashing } from "./breaking.ts";

/** `1 2 / 3 4 5` */
export function groupsText(groups: readonly (readonly string[])[]): string {
  return groups.map((group) => group.join(" ")).join(" / ");
}

/** ` for 10 s`, or nothing. */
export function forText(ms: number | undefined): string {
  return ms === undefined ? "" : ` for ${formatDuration(ms)}`;
}

/** How long who was crashed stays down; nothing where its supervisor starts it again. */
export function downText({ hold = false, forMs }: Crashing): string {
  if (forMs !== undefined) return `; it stays down${forText(forMs)}`;
  return hold ? "; it stays down" : "";
}

/** What healing came to, as one line. */
export function healedText(undone: readonly ActiveFault[]): string {
  if (undone.length === 0) return "nothing to heal";
  return `healed: ${undone.map(({ verb, peers }) => `${verb} of ${peers.join(" ")}`).join("; ")}`;
}
