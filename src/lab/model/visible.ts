import type { Automaton } from "./automaton.ts";
import { type Faults, fits } from "./faults.ts";
import { type Air, goQuietly, type Reached, type Way } from "./quiet.ts";
import type { Broken } from "./protocol.ts";

/** A step that others can notice, and what the peer did in silence before it. */
export interface VisibleMove {
  /** The peer's state afterwards. */
  readonly local: number;
  /** Messages that were not sent before. */
  readonly sent: readonly number[];
  readonly faults: Faults;
  readonly broken: Broken | undefined;
  readonly way: Way;
}

const NONE: readonly VisibleMove[] = [];

/**
 * What one peer may show next, from local state `start`.
 *
 * A step that sends nothing new changes nothing for the others, and whatever made it possible stays possible, since messages are
 * never used up: so in every run it can be put off until just before the next step of its peer that does send. The search
 * therefore looks only at states right after such steps, which are far fewer, and misses nothing that is ever sent. Rules that a
 * silent step breaks are found on the way.
 *
 * Of two moves that show the same, one whose end the other can reach in silence is left out: the other can do all that it can.
 */
export function visibleMoves<L>(
  automaton: Automaton<L>,
  start: number,
  air: Air,
  budget: Faults,
): readonly VisibleMove[] {
  const moves: VisibleMove[] = [];
  goQuietly(automaton, start, air, budget, (way, faults) => {
    const { local, broken } = way.move;
    const sent = way.move.sent.filter((id) => !air(id));
    if (!moves.some((other) => isSame(other, local, sent, faults, broken))) {
      moves.push({ local, sent, faults, broken, way });
    }
  });
  return moves.length === 0 ? NONE : strongest(automaton, moves, air, budget);
}

function isSame(
  other: VisibleMove,
  local: number,
  sent: readonly number[],
  faults: Faults,
  broken: Broken | undefined,
): boolean {
  return other.local === local && other.broken === broken && fits(other.faults, faults) &&
    sameSet(other.sent, sent);
}

function sameSet(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((id) => b.includes(id));
}

/** Without the moves that another one of the list makes superfluous. */
function strongest<L>(
  automaton: Automaton<L>,
  moves: readonly VisibleMove[],
  air: Air,
  budget: Faults,
): readonly VisibleMove[] {
  const kept = new Set(moves);
  const reaches = new Map<VisibleMove, Reached>();
  const reachOf = (move: VisibleMove): Reached => {
    let reach = reaches.get(move);
    if (reach === undefined) {
      const after = (id: number): boolean => air(id) || move.sent.includes(id);
      reach = goQuietly(automaton, move.local, after, budget - move.faults);
      reaches.set(move, reach);
    }
    return reach;
  };
  for (const weak of moves) {
    if (weak.broken !== undefined) continue;
    for (const strong of kept) {
      if (strong === weak || strong.broken !== undefined || !sameSet(strong.sent, weak.sent)) {
        continue;
      }
      const ways = reachOf(strong).get(weak.local);
      if (!ways?.some((faults) => fits(strong.faults + faults, weak.faults))) continue;
      kept.delete(weak);
      break;
    }
  }
  return [...kept];
}
