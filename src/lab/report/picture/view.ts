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
export function wholeView({ end }: Diagram): View {
  return { from: 0, to: Math.max(end, 1), heartbeats: false };
}

/** `factor` below 1: closer. `around` stays where it is. */
export function zoomed(view: View, { end }: Diagram, factor: number, around: number): View {
  const width = Math.min(Math.max((view.to - view.from) * factor, CLOSEST), Math.max(end, 1));
  const share = (around - view.from) / (view.to - view.from);
  return within(view, end, around - share * width, width);
}

/** Moved by a part of what is seen; above 0: later. */
export function moved(view: View, { end }: Diagram, part: number): View {
  const width = view.to - view.from;
  return within(view, end, view.from + part * width, width);
}

/** So that `t` is seen. */
export function showing(view: View, { end }: Diagram, t: number): View {
  const width = view.to - view.from;
  return t >= view.from && t <= view.to ? view : within(view, end, t - width / 2, width);
}

function within(view: View, end: number, from: number, width: number): View {
  const start = Math.max(0, Math.min(from, Math.max(end, 1) - width));
  return { ...view, from: start, to: start + width };
}
