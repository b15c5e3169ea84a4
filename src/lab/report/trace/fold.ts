import type { Diagram } from "./diagram.ts";

/** Messages whose arrows a report keeps; more make the file too large and the picture unreadable. */
const ARROWS = 6_000;
const MARKS = 6_000;

/**
 * A diagram that a file of less than a megabyte can hold: of too many messages, the heartbeats (and their answers) that arrived go first,
 * then the latest.
 */
export function folded(diagram: Diagram): Diagram & { readonly leftOut: number } {
  const { arrows, marks } = diagram;
  const telling = arrows.length <= ARROWS
    ? arrows
    : arrows.filter(({ kind, received }) =>
      !kind.startsWith("heartbeat") || received === undefined
    );
  const kept = telling.slice(0, ARROWS);
  return {
    ...diagram,
    arrows: kept,
    marks: marks.slice(0, MARKS),
    leftOut: arrows.length - kept.length + Math.max(0, marks.length - MARKS),
  };
}
