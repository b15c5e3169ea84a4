import type { Automata, Automaton, Move } from "./automaton.ts";
import type { Minimal } from "./minimise.ts";
import type { Outcome, Protocol } from "./protocol.ts";
import type { Way } from "./quiet.ts";
import type { PeerMove, Search, Violation } from "./search.ts";

/** One step of a counterexample: what a peer does, up to the first thing that others can notice. */
export interface StoryStep {
  /** The peer that acts. */
  readonly peer: string;
  /** What it does, one after the other. */
  readonly does: readonly string[];
  /** What it believes then. */
  readonly believes: string;
}

/**
 * Tells a violation: goes its way again with the states that peers really have, of which the search knows only the classes.
 *
 * @param full the peers before they were made minimal
 */
export function tell<L>(
  protocol: Protocol<L>,
  full: Automata<L>,
  minimal: readonly Minimal<L>[],
  search: Search<L>,
  violation: Violation,
): StoryStep[] {
  const at = full.peers.map(() => 0);
  return movesOf(search, violation).map(({ peer, move }) => {
    const does: string[] = [];
    let last: Outcome<L> | undefined;
    for (const wanted of wayOf(move.way)) {
      const local = at[peer]!;
      const taken = sameMove(full.peers[peer]!, minimal[peer]!, local, wanted);
      last = outcomeOf(protocol, full, peer, local, taken);
      at[peer] = taken.local;
      does.push(last.label());
    }
    const believes = protocol.describe(last!.local);
    return { peer: protocol.name(peer), does, believes };
  });
}

function movesOf<L>(search: Search<L>, { path, last }: Violation): PeerMove[] {
  const rows = path.map((row) => search.rowOf(row));
  const moves = rows.slice(1).map((row, i) => search.moveBetween(rows[i]!, row)!);
  return [...moves, last];
}

/** The first step first. */
function wayOf(way: Way): Move[] {
  const moves: Move[] = [];
  for (let at: Way | undefined = way; at !== undefined; at = at.before) moves.push(at.move);
  return moves.reverse();
}

/** The step of the full automaton that `wanted`, one of the minimal one, stands for. */
function sameMove<L>(
  { moves }: Automaton<L>,
  { classes }: Minimal<L>,
  local: number,
  wanted: Move,
): Move {
  return moves[local]!.find((move) =>
    move.message === wanted.message && move.fault === wanted.fault &&
    move.broken?.invariant === wanted.broken?.invariant &&
    (wanted.broken !== undefined || classes[move.local] === wanted.local) &&
    move.sent.length === wanted.sent.length && move.sent.every((id) => wanted.sent.includes(id))
  )!;
}

function outcomeOf<L>(
  protocol: Protocol<L>,
  { messages, peers }: Automata<L>,
  peer: number,
  local: number,
  move: Move,
): Outcome<L> {
  const before = peers[peer]!.locals[local]!;
  const outcomes = move.message === undefined
    ? protocol.spontaneous(peer, before)
    : protocol.delivered(peer, before, messages.get(move.message));
  const after = protocol.key(peers[peer]!.locals[move.local]!);
  return outcomes.find((outcome) =>
    outcome.fault === move.fault && outcome.broken?.message === move.broken?.message &&
    (outcome.broken !== undefined || protocol.key(outcome.local) === after) &&
    outcome.sent.length === move.sent.length &&
    outcome.sent.every((sent) => move.sent.includes(messages.idOf(sent)))
  )!;
}

/** A story as lines of text. */
export function storyLines(steps: readonly StoryStep[]): string[] {
  const width = String(steps.length).length;
  return steps.flatMap(({ peer, does, believes }, i) => [
    `${String(i + 1).padStart(width)}  ${peer}  ${does.join("; ")}`,
    `${" ".repeat(width)}     (${believes})`,
  ]);
}
