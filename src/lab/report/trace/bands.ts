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
    const struck = fault.peers.map((peer) => peers.indexOf(peer)).filter((lane) => lane >= 0);
    return {
      id,
      verb,
      from: at,
      to: Math.min(Math.max(at, to), end),
      // What names nobody, as a partition may, concerns all.
      peers: struck.length > 0 ? struck : peers.map((_, lane) => lane),
      text,
    };
  });
}
