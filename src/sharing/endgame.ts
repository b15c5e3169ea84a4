import type { Choice, HolderView } from "./schedule.ts";

/** A holder is given so many times what another would take, before that one is asked as well. */
const PATIENCE = 2;

/** Milliseconds; for less than this nobody is asked twice. */
const MIN_PATIENCE_MS = 50;

/** A chunk that is asked for, by one holder only. */
export interface Outstanding {
  readonly index: number;
  readonly holder: string;
  /** When it was asked. */
  readonly since: number;
}

/** Whom to ask as well, or when to look again; undefined if nobody could help. */
export type Endgame = Choice | { readonly at: number } | undefined;

/**
 * The end of a download: every chunk is asked for, and some holder has nothing to do. A chunk that is out for twice as
 * long as the idle holder takes for one is asked of that one as well; whoever is first wins. Pure.
 *
 * @param now on the clock of `since`
 */
export function duplicate(
  outstanding: Iterable<Outstanding>,
  holders: Iterable<HolderView>,
  now: number,
): Endgame {
  const idle = [...holders].filter(({ inFlight, window }) => inFlight < window);
  if (idle.length === 0) return undefined;
  let best: Choice | undefined;
  let bestSince = Infinity;
  let at = Infinity;
  for (const { index, holder, since } of outstanding) {
    for (const other of idle) {
      if (other.id === holder || other.lacks.has(index)) continue;
      const due = since + Math.max(MIN_PATIENCE_MS, PATIENCE * (other.msPerChunk ?? 0));
      if (due > now) at = Math.min(at, due);
      else if (since < bestSince) {
        best = { holder: other.id, index };
        bestSince = since;
      }
    }
  }
  return best ?? (at === Infinity ? undefined : { at });
}
