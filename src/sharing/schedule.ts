/** A holder as the scheduler sees it. */
export interface HolderView {
  readonly id: string;
  /** Requests that it has not answered. */
  readonly inFlight: number;
  /** Requests that it may have at once; 0 while it shall rest. */
  readonly window: number;
  /** Chunks that it does not have. */
  readonly lacks: ReadonlySet<number>;
  /** Smoothed milliseconds from request to answer; undefined while none came. */
  readonly msPerChunk?: number | undefined;
}

/** What to ask of whom. */
export interface Choice {
  readonly holder: string;
  readonly index: number;
}

/**
 * The next request, or undefined if nobody can be asked for anything now. The holder with the emptiest window is
 * asked, for the rarest chunk of `todo` that it may have; among equally rare ones for the first. Pure: it decides, and
 * changes nothing.
 *
 * @param todo chunks that are neither here nor asked for, the most wanted first
 * @param lacking how many holders do not have each chunk; undefined if all have all
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
  lacking?: ArrayLike<number>,
): Choice | undefined {
  let best: Choice | undefined;
  let bestLoad = 1;
  for (const holder of holders) {
    const load = loadOf(holder);
    if (load >= bestLoad) continue;
    const index = rarest(todo, holder.lacks, lacking);
    if (index === undefined) continue;
    best = { holder: holder.id, index };
    bestLoad = load;
  }
  return best;
}

function loadOf({ inFlight, window }: HolderView): number {
  return window > 0 ? inFlight / window : 1;
}

function rarest(
  todo: ReadonlySet<number>,
  lacks: ReadonlySet<number>,
  lacking: ArrayLike<number> | undefined,
): number | undefined {
  let best: number | undefined;
  let most = -1;
  for (const index of todo) {
    if (lacks.has(index)) continue;
    if (lacking === undefined) return index;
    const without = lacking[index] ?? 0;
    if (without <= most) continue;
    best = index;
    most = without;
  }
  return best;
}
