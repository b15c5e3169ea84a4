/** A first-in, first-out queue that never changes: adding and taking give a new queue, each in constant time on average. */
export interface PersistentQueue<T> {
  readonly size: number;
  /** To be taken next first. */
  readonly front: List<T>;
  /** Added last first. */
  readonly back: List<T>;
}

type List<T> = { readonly item: T; readonly rest: List<T> } | undefined;

const EMPTY: PersistentQueue<never> = Object.freeze({
  size: 0,
  front: undefined,
  back: undefined,
});

/** A queue without items. */
export function emptyQueue<T>(): PersistentQueue<T> {
  return EMPTY;
}

/** `queue` with `item` at its end. */
export function queueAdd<T>(queue: PersistentQueue<T>, item: T): PersistentQueue<T> {
  return { size: queue.size + 1, front: queue.front, back: { item, rest: queue.back } };
}

/** The first item, and the queue without it; undefined if there is none. */
export function queueTake<T>(
  queue: PersistentQueue<T>,
): { readonly item: T; readonly queue: PersistentQueue<T> } | undefined {
  let { front, back } = queue;
  if (front === undefined) {
    for (; back !== undefined; back = back.rest) front = { item: back.item, rest: front };
  }
  if (front === undefined) return undefined;
  return { item: front.item, queue: { size: queue.size - 1, front: front.rest, back } };
}
