const transfers = new WeakMap<object, readonly ArrayBuffer[]>();

/**
 * Marks a method's result so that `buffers` in it are moved to the caller, not copied. They are empty here afterwards.
 * Only whole `ArrayBuffer`s that were made with `new ArrayBuffer` can be moved; slices of a pool cannot.
 *
 * @example
 * ```ts
 * import { actor, transfer } from "troupe/actor";
 * const reader = actor(() => ({
 *   chunk() {
 *     const bytes = new ArrayBuffer(1024);
 *     return transfer({ bytes }, [bytes]);
 *   },
 * }));
 * ```
 */
export function transfer<T extends object>(value: T, buffers: readonly ArrayBuffer[]): T {
  transfers.set(value, buffers);
  return value;
}

/** The buffers to move with `value`, none unless it was marked. */
export function transfersOf(value: unknown): readonly ArrayBuffer[] {
  if (typeof value !== "object" || value === null) return [];
  return transfers.get(value) ?? [];
}
