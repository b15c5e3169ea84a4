import type { PlannedFault, Schedule } from "../scenario/schedule.ts";
import type { FiredFault } from "./run_result.ts";

/**
 * The schedule of what happened in a run: each fault at its time, with the peers that it struck and how long it lasted. Run again with
 * the same seed, in simulation, it gives the same run.
 */
export function concretise(schedule: Schedule, fired: readonly FiredFault[]): Schedule {
  const faults = fired.filter(({ failed }) => failed === undefined).map(
    ({ id, at, verb, peers, with: details, for: lasts, undoneAt }): PlannedFault => {
      const span = undoneAt === undefined || undoneAt >= schedule.until ? lasts : undoneAt - at;
      return {
        id,
        when: { at },
        verb,
        who: peers,
        with: details,
        ...(span !== undefined && { for: span }),
      };
    },
  );
  return { ...schedule, faults };
}
