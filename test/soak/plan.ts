/** How much is done, and what of it is drawn. */
export interface Plan {
  /** Determines who is killed mid-call, and how everyone ends. */
  readonly seed: number;
  /** Deaths and restarts of actors that have threads of their own. */
  readonly threadCycles: number;
  /** The same, of actors in the main thread. */
  readonly localCycles: number;
  readonly asksPerCycle: number;
  /** Cycles of each kind before the first census: what is made at first use is there then. */
  readonly warmUp: number;
  /** Waits until timers have run out and memory is at rest, and looks at these, too. */
  readonly thorough: boolean;
}

/** 2 000 cycles and 200 000 asks. */
export const FULL: Plan = {
  seed: 3,
  threadCycles: 1_200,
  localCycles: 800,
  asksPerCycle: 100,
  warmUp: 100,
  thorough: true,
};

/** What every run of the tests affords: 200 cycles and 20 000 asks. */
export const SMALL: Plan = {
  seed: 3,
  threadCycles: 48,
  localCycles: 152,
  asksPerCycle: 100,
  warmUp: 8,
  thorough: false,
};

/** Part of the targets that is killed while it is asked. */
export const KILLED_MID_CALL = 0.05;
