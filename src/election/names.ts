import type { PeerId } from "./identity.ts";

/** A tracker as the registry knows it: one value, so that nobody reads a tracker with another's epoch (§1.5). */
export interface TrackerEntry {
  readonly uri: string;
  readonly peerId: PeerId;
  readonly epoch: number;
}

/** The name under which the latest tracker is found. */
export const CURRENT_NAME = "p2p.tracker.current";

const EPOCH_PREFIX = "p2p.tracker.epoch.";

/** The name of the tracker of one epoch, as `p2p.tracker.epoch.5`. */
export function epochName(epoch: number): string {
  return `${EPOCH_PREFIX}${epoch}`;
}

/** The epoch in a name of {@linkcode epochName}; undefined for any other name. There is no highest epoch. */
export function epochOfName(name: string): number | undefined {
  if (!name.startsWith(EPOCH_PREFIX)) return undefined;
  const digits = name.slice(EPOCH_PREFIX.length);
  const epoch = Number(digits);
  return /^[1-9]\d*$/.test(digits) && Number.isSafeInteger(epoch) ? epoch : undefined;
}

/** What to do when the winner of an epoch claims its name. */
export type Claim =
  | { readonly kind: "insert" }
  /** It is this one's already. */
  | { readonly kind: "keep" }
  /** Another owns it, which the rules exclude (I7): never overwritten. */
  | { readonly kind: "violation"; readonly owner: TrackerEntry };

/** Insert-if-absent of the name of an epoch. */
export function decideClaim(existing: TrackerEntry | undefined, wanted: TrackerEntry): Claim {
  if (existing === undefined) return { kind: "insert" };
  return sameEntry(existing, wanted) ? { kind: "keep" } : { kind: "violation", owner: existing };
}

/** What to do when a winner wants to be the current tracker. */
export type Advance =
  | { readonly kind: "set" }
  | { readonly kind: "keep" }
  /** The name is at a higher epoch: whoever asked is no longer tracker (row 28). */
  | { readonly kind: "stale"; readonly epoch: number }
  | { readonly kind: "violation"; readonly owner: TrackerEntry };

/** Compare-and-set of {@linkcode CURRENT_NAME}: it only moves to a larger epoch. */
export function decideAdvance(existing: TrackerEntry | undefined, wanted: TrackerEntry): Advance {
  if (existing === undefined || existing.epoch < wanted.epoch) return { kind: "set" };
  if (existing.epoch > wanted.epoch) return { kind: "stale", epoch: existing.epoch };
  return sameEntry(existing, wanted) ? { kind: "keep" } : { kind: "violation", owner: existing };
}

/** What to do when a tracker withdraws its names. */
export type Release =
  | { readonly kind: "delete" }
  | { readonly kind: "absent" }
  /** Another's, or another epoch's: left alone. */
  | { readonly kind: "not_mine"; readonly owner: TrackerEntry };

/** Compare-and-delete, of either name. */
export function decideRelease(existing: TrackerEntry | undefined, mine: TrackerEntry): Release {
  if (existing === undefined) return { kind: "absent" };
  return sameEntry(existing, mine) ? { kind: "delete" } : { kind: "not_mine", owner: existing };
}

function sameEntry(a: TrackerEntry, b: TrackerEntry): boolean {
  return a.epoch === b.epoch && a.peerId === b.peerId && a.uri === b.uri;
}
