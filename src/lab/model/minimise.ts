import type { Automaton, Move } from "./automaton.ts";

/** A smaller automaton, and which of its states stands for each of the larger one. */
export interface Minimal<L> {
  readonly automaton: Automaton<L>;
  readonly classes: Int32Array;
}

/**
 * The same peer with states that nobody can ever tell apart made one: two states are, if for every cause they can send the same,
 * break the same and end in states that nobody can tell apart. Silent steps inside one such class count for nothing. (Partition
 * refinement; a branching bisimulation, if not the coarsest.) Of each class the first state stands for it.
 */
export function minimise<L>(automaton: Automaton<L>): Minimal<L> {
  const classes = classesOf(automaton);
  const firsts: number[] = [];
  classes.forEach((name, id) => {
    if (name === firsts.length) firsts.push(id);
  });
  const smaller = {
    locals: firsts.map((id) => automaton.locals[id]!),
    over: firsts.map((id) => automaton.over[id]!),
    moves: firsts.map((id) => {
      const moves = new Map<string, Move>();
      for (const move of automaton.moves[id]!) {
        const local = classes[move.local]!;
        if (isInert(move) && local === classes[id]) continue;
        moves.set(signature(move, local), { ...move, local });
      }
      return [...moves.values()];
    }),
  };
  return { automaton: smaller, classes };
}

/** Class by state, numbered by their first states. */
function classesOf<L>({ moves, over }: Automaton<L>): Int32Array {
  let classes = new Int32Array(moves.length);
  let count = rename(classes, over.map((bits) => bits.join(" ")));
  const prefixes = moves.map((list) => list.map(prefixOf));
  for (;;) {
    const next = new Int32Array(moves.length);
    const keys = moves.map((list, id) => {
      const parts: string[] = [];
      for (let i = 0; i < list.length; i++) {
        const move = list[i]!;
        const target = classes[move.local]!;
        if (!isInert(move) || target !== classes[id]) parts.push(`${prefixes[id]![i]}${target}`);
      }
      parts.sort();
      let text = String(classes[id]);
      for (let i = 0; i < parts.length; i++) if (parts[i] !== parts[i - 1]) text += `;${parts[i]}`;
      return text;
    });
    const finer = rename(next, keys);
    classes = next;
    if (finer === count) return classes;
    count = finer;
  }
}

function rename(classes: Int32Array, keys: readonly string[]): number {
  const names = new Map<string, number>();
  keys.forEach((key, id) => {
    let name = names.get(key);
    if (name === undefined) names.set(key, name = names.size);
    classes[id] = name;
  });
  return names.size;
}

function isInert(move: Move): boolean {
  return move.sent.length === 0 && move.fault === undefined && move.broken === undefined;
}

function signature(move: Move, local: number): string {
  return `${prefixOf(move)}${local}`;
}

function prefixOf({ message, sent, fault, broken }: Move): string {
  return `${message ?? ""}/${sent.join("+")}/${fault ?? ""}/${broken?.invariant ?? ""}/`;
}
