import type { FiredFault } from "../../run/mod.ts";
import type { Band } from "./diagram.ts";

/** The faults of a run as stretches of time. */
export function bandsOf(
  fired: readonly FiredFault[],
  peers: readonly string[],
  end: number,
): Band[] {
  return fired.filter(({ failed }) => failed === undefined).map((fault) => {
    const { id, at, verb, undoneAt, with: details } = fault;
    const lasts = fault.for;
    const to = undoneAt ?? (lasts === undefined ? at : at + lasts);
    const text = Object.entries(details)
      .map(([name, value]) =>
        `${name} ${typeof value === "object" ? JSON.stringify(value) : value}`
      )
      .join(", ");
    return {
      id,
      verb,
      from: at,
      to: Math.min(Math.max(at, to), end),
      peers: fault.peers.map((peer) => peers.indexOf(peer)).filter((lane) => lane >= 0),
      text,
    };
  });
}
