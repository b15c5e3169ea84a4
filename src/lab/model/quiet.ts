import type { Automaton, Move } from "./automaton.ts";
import { FAULT_UNIT, type Faults, fits } from "./faults.ts";

/** What is under way while a peer steps: it may hear all of it, and what it sends anew shows. */
export type Air = (message: number) => boolean;

/** Steps of one peer, the last one first. */
export interface Way {
  readonly before: Way | undefined;
  readonly from: number;
  readonly move: Move;
}

/** The local states that a peer can be in without having shown anything, each with the faults that it took. */
export type Reached = ReadonlyMap<number, readonly Faults[]>;

interface Place {
  readonly local: number;
  readonly faults: Faults;
  readonly way: Way | undefined;
}

/**
 * Follows the silent steps of one peer from `start`: those that send nothing that is not in the air already. Gives where they lead,
 * and tells `onVisible` the steps that show.
 */
export function goQuietly<L>(
  { moves }: Automaton<L>,
  start: number,
  air: Air,
  budget: Faults,
  onVisible?: (way: Way, faults: Faults) => void,
): Reached {
  const places: Place[] = [{ local: start, faults: 0, way: undefined }];
  const reached = new Map<number, Faults[]>([[start, [0]]]);
  for (const at of places) {
    for (const move of moves[at.local]!) {
      if (move.message !== undefined && !air(move.message)) continue;
      const faults = move.fault === undefined ? at.faults : at.faults + FAULT_UNIT[move.fault];
      if (!fits(faults, budget)) continue;
      if (move.broken !== undefined || !move.sent.every(air)) {
        onVisible?.({ before: at.way, from: at.local, move }, faults);
        continue;
      }
      const known = reached.get(move.local);
      if (known?.some((other) => fits(other, faults))) continue;
      if (known === undefined) reached.set(move.local, [faults]);
      else known.push(faults);
      places.push({ local: move.local, faults, way: { before: at.way, from: at.local, move } });
    }
  }
  return reached;
}
