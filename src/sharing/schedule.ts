/** A holder as the scheduler sees it. */
export interface HolderView {
  readonly id: string;
  /** Requests that it has not answered. */
  readonly inFlight: number;
  /** Requests that it may have at once; 0 while it shall rest. */
  readonly window: number;
  /** Chunks that it said it does not have. */
  readonly lacks: ReadonlySet<number>;
}

/** What to ask of whom. */
export interface Choice {
  readonly holder: string;
  readonly index: number;
}

/**
 * The next request, or undefined if nobody can be asked for anything now. The holder with the emptiest window is
 * asked, for the first chunk of `todo` that it may have. Pure: it decides, and changes nothing.
 *
 * @param todo chunks that are neither here nor asked for, the most wanted first
 *
 * @example
 * ```ts
 * const idle = { id: "peer-2", inFlight: 0, window: 8, lacks: new Set<number>() };
 * nextRequest(new Set([3, 4]), [idle]); // { holder: "peer-2", index: 3 }
 * ```
 */
export function nextRequest(
  todo: ReadonlySet<number>,
  holders: Iterable<HolderView>,
): Choice | undefined {
  let best: Choice | undefined;
  let bestLoad = 1;
  for (const holder of holders) {
    const load = holder.window > 0 ? holder.inFlight / holder.window : 1;
    if (load >= bestLoad) continue;
    const index = firstOf(todo, holder.lacks);
    if (index === undefined) continue;
    best = { holder: holder.id, index };
    bestLoad = load;
  }
  return best;
}

function firstOf(todo: ReadonlySet<number>, lacks: ReadonlySet<number>): number | undefined {
  for (const index of todo) if (!lacks.has(index)) return index;
  return undefined;
}
