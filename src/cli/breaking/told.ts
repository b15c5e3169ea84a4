import type { ActiveFault } from "../../cluster/faults.ts";

/** `1 2 / 3 4 5` */
export function groupsText(groups: readonly (readonly string[])[]): string {
  return groups.map((group) => group.join(" ")).join(" / ");
}

/** What healing came to, as one line. */
export function healedText(undone: readonly ActiveFault[]): string {
  if (undone.length === 0) return "nothing to heal";
  return `healed: ${undone.map(({ verb, peers }) => `${verb} of ${peers.join(" ")}`).join("; ")}`;
}
