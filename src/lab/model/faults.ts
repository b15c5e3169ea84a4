import type { Fault } from "./protocol.ts";

/** How many faults of each kind, packed: a byte each. */
export type Faults = number;

/** One fault of a kind. */
export const FAULT_UNIT: Readonly<Record<Fault, Faults>> = {
  restart: 1,
  wipe: 1 << 8,
  diskFault: 1 << 16,
};

/** The most faults of one kind that a search can allow. */
export const MOST_FAULTS = 255;

/** Packs `counts`, each at most {@linkcode MOST_FAULTS}. */
export function packFaults(counts: Readonly<Record<Fault, number>>): Faults {
  let packed = 0;
  for (const fault of Object.keys(FAULT_UNIT) as Fault[]) {
    packed += counts[fault] * FAULT_UNIT[fault];
  }
  return packed;
}

/** Whether `used` has no more of any kind than `allowed`. */
export function fits(used: Faults, allowed: Faults): boolean {
  return (used & 0xff) <= (allowed & 0xff) && (used & 0xff00) <= (allowed & 0xff00) &&
    (used & 0xff0000) <= (allowed & 0xff0000);
}
