/** What is wrong with a disk; the same words on threads and in simulation. */
export interface DiskTrouble {
  /** Milliseconds that every operation takes longer. */
  readonly slow: number;
  /** Whatever changes something fails with `EIO`. */
  readonly failing: boolean;
  /** Whatever needs room fails with `ENOSPC`. */
  readonly full: boolean;
  /** Whatever changes something does not end while this lasts. */
  readonly stalled: boolean;
}

/** Nothing is wrong. */
export const SOUND: DiskTrouble = { slow: 0, failing: false, full: false, stalled: false };

export function isSound({ slow, failing, full, stalled }: DiskTrouble): boolean {
  return slow === 0 && !failing && !full && !stalled;
}

/** What is wrong now, and when that changes. */
export interface DiskState {
  /** Undefined: nothing. */
  readonly trouble: DiskTrouble | undefined;
  /** Settles after `ms` milliseconds. */
  wait(ms: number): Promise<void>;
  /** Settles when something else may be wrong. */
  changed(): Promise<void>;
}
