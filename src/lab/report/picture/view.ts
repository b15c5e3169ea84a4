import type { Diagram } from "../trace/diagram.ts";

/** Which part of a diagram is looked at, and how. */
export interface View {
  /** Ms. */
  readonly from: number;
  readonly to: number;
  readonly heartbeats: boolean;
  /** The number of the line that is chosen. */
  readonly chosen?: number;
}

/** No closer than this many ms from side to side. */
const CLOSEST = 0.5;

/** All of the run. */
export function wholeView({ start, end }: Diagram): View {
  return { from: start, to: Math.max(end, start + 1), heartbeats: false };
}

/** `factor` below 1: closer. `around` stays where it is. */
export function zoomed(view: View, diagram: Diagram, factor: number, around: number): View {
  const width = Math.min(Math.max((view.to - view.from) * factor, CLOSEST), wholeWidth(diagram));
  const share = (around - view.from) / (view.to - view.from);
  return within(view, diagram, around - share * width, width);
}

/** Moved by a part of what is seen; above 0: later. */
export function moved(view: View, diagram: Diagram, part: number): View {
  const width = view.to - view.from;
  return within(view, diagram, view.from + part * width, width);
}

/** So that `t` is seen. */
export function showing(view: View, diagram: Diagram, t: number): View {
  const width = view.to - view.from;
  return t >= view.from && t <= view.to ? view : within(view, diagram, t - width / 2, width);
}

function within(view: View, diagram: Diagram, from: number, width: number): View {
  const { start } = diagram;
  const begin = Math.max(start, Math.min(from, start + wholeWidth(diagram) - width));
  return { ...view, from: begin, to: begin + width };
}

function wholeWidth({ start, end }: Diagram): number {
  return Math.max(end - start, 1);
}
