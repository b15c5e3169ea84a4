import type { TraceLine } from "../../run/mod.ts";
import type { TracedRun } from "../report_input.ts";
import { arrowsOf } from "./arrows.ts";
import { bandsOf } from "./bands.ts";
import type { Diagram } from "./diagram.ts";
import { marksOf, passedOf } from "./marks.ts";
import { segmentsOf } from "./segments.ts";

/** The space-time diagram of a run. */
export function diagramOf({ result, lines: told }: TracedRun): Diagram {
  // Threads tell of what happened in batches, which do not come in the order of time.
  const lines = [...told].sort((a, b) => a.t - b.t || a.seq - b.seq);
  const peers = peersOf(lines);
  const start = Math.min(0, lines[0]?.t ?? 0);
  const end = Math.max(result.ms, lines.at(-1)?.t ?? 0);
  return {
    peers,
    start,
    end,
    segments: segmentsOf(lines, peers, start, end),
    arrows: arrowsOf(lines, peers),
    marks: marksOf(lines, peers),
    passed: passedOf(lines),
    bands: bandsOf(result.fired, peers, end),
    evidence: result.checks.flatMap(({ evidence = [] }) => evidence),
  };
}

/** The peers that a trace names, `peer-2` before `peer-10`. */
function peersOf(lines: readonly TraceLine[]): string[] {
  const names = new Set(lines.flatMap(({ peer }) => peer ?? []));
  return [...names].sort((a, b) => numberIn(a) - numberIn(b) || (a < b ? -1 : 1));
}

function numberIn(name: string): number {
  return Number(/\d+$/.exec(name)?.[0] ?? 0);
}
