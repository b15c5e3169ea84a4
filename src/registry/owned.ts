import type { Owned } from "./wire.ts";

/** A key for `item` that nothing else ever has. */
export function identity(item: Owned): string {
  return `${item.id}#${item.mark}`;
}

/** Whether both are the very same claim, not only claims of the same owner. */
export function isSame(a: Owned, b: Owned): boolean {
  return a.mark === b.mark && a.id === b.id;
}
