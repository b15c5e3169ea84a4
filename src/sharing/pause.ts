import type { Clock } from "../actor/mod.ts";

/** Bytes that are read and hashed before others get a turn: some 10 ms, well below a heartbeat. */
export const BYTES_PER_TURN: number = 16 * 2 ** 20;

/** Names that are looked at before others get a turn. */
export const NAMES_PER_TURN = 500;

/**
 * Lets the thread do what else waits. A disk may answer without leaving the turn, so that a long loop over it would
 * starve heartbeats.
 */
export function pause(clock: Clock): Promise<void> {
  return new Promise((resolve) => void clock.setTimeout(resolve, 0));
}

/** Waits `ms` milliseconds, or until `signal` is aborted. */
export function sleep(clock: Clock, ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const end = (): void => {
      timer[Symbol.dispose]();
      signal.removeEventListener("abort", end);
      resolve();
    };
    const timer = clock.setTimeout(end, ms);
    signal.addEventListener("abort", end);
  });
}
