import type { PeerView } from "../../cluster/api.ts";
import type { Style } from "../style.ts";

/**
 * The prompt says where one is: `peer-3 e7 follower> `, `peer-3 e7 TRACKER*> `, `peer-3 e7 candidate 2/3> ` (two votes of the three it
 * needs), `peer-3 no tracker> `, `peer-3 DOWN> `.
 */
export function promptText(peer: string, view: PeerView | undefined, style: Style): string {
  return `${style.bold(peer)} ${stateText(view, style)}> `;
}

function stateText(view: PeerView | undefined, style: Style): string {
  if (view === undefined || !view.up || view.role === "down") return style.red("DOWN");
  const { role, epoch, tracker, candidacy } = view;
  if (role === "tracker") return `e${epoch} ${style.green("TRACKER*")}`;
  if (role === "candidate" || role === "precandidate") {
    const votes = candidacy === undefined ? "" : ` ${candidacy.votes}/${candidacy.needed}`;
    return `e${epoch} ${style.yellow(role)}${votes}`;
  }
  if (tracker === undefined) return style.yellow("no tracker");
  return `e${epoch} ${role}`;
}
