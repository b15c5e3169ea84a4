import type { Check } from "./check.ts";

/** A run in which the fault never happened says nothing about the fault. Always judged, whatever was asked for. */
export const faultsFired: Check = {
  name: "faults-fired",
  says: "every fault that was planned happened",
  judge({ schedule, fired }) {
    const failed = fired.filter((fault) => fault.failed !== undefined);
    const never = schedule.faults.filter(({ id, verb }) =>
      verb !== "undo" &&
      !fired.some(({ planned, failed }) => planned === id && failed === undefined)
    );
    if (never.length === 0) {
      return { verdict: "pass", message: `${fired.length - failed.length} faults happened` };
    }
    const why = never.map(({ id, verb }) => {
      const error = failed.find(({ planned }) => planned === id)?.failed;
      return `${id} (${verb}) ${error === undefined ? "never fired" : `failed: ${error}`}`;
    });
    return { verdict: "inconclusive", message: why.join("; ") };
  },
};
