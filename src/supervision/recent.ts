import type { PersistentMap } from "./persistent_map.ts";
import { emptyMap, mapDelete, mapGet, mapSet } from "./persistent_map.ts";
import type { PersistentQueue } from "./persistent_queue.ts";
import { emptyQueue, queueAdd, queueTake } from "./persistent_queue.ts";

/** The texts that were added last, a bounded number of them. */
export interface Recent {
  readonly known: PersistentMap<true>;
  readonly order: PersistentQueue<string>;
}

/** How many are remembered. */
export const RECENT_LIMIT = 1_000;

export const noneRecent: Recent = { known: emptyMap(), order: emptyQueue() };

/** `recent` with `text`, which is not in it yet. */
export function addRecent(recent: Recent, text: string): Recent {
  const known = mapSet(recent.known, text, true);
  const order = queueAdd(recent.order, text);
  if (order.size <= RECENT_LIMIT) return { known, order };
  const oldest = queueTake(order);
  if (oldest === undefined) return { known, order };
  return { known: mapDelete(known, oldest.item), order: oldest.queue };
}

export function isRecent(recent: Recent, text: string): boolean {
  return mapGet(recent.known, text) === true;
}
