/** Credits that a sending node has at first with each actor, until that says how many it grants. */
export const FIRST_WINDOW = 256;

/** Credits that an actor grants to each sending node: what may be on the way, and wait in its mailbox. */
export const WINDOW = 4_096;

/** Credits worth of tells to one actor that are kept back at their sending node; what exceeds it is a dead letter. */
export const HELD_LIMIT = 131_072;

/** Bytes that one credit pays for. */
const CREDIT_BYTES = 2_048;

/** What a message costs: one credit, and one more for each 2 KiB. So a window is 4 096 small messages, or 8 MiB. */
export function costOf(bytes: number): number {
  return 1 + Math.floor(bytes / CREDIT_BYTES);
}

/** What may wait of a sender that is told of room: lower than where it asks, so that neither speaks without end. */
export function granting(waiting: number, window: number): boolean {
  return waiting <= window / 4;
}

/** Whether a sender asks for room: early enough that a receiver which keeps up never makes it wait. */
export function asking(used: number, window: number): boolean {
  return used >= window / 2;
}
