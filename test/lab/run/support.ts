import type { Schedule } from "../../../src/lab/scenario/mod.ts";

/** A schedule of five peers that lasts ten seconds, with what is told. */
export function scheduleOf(parts: Partial<Schedule>): Schedule {
  return {
    v: 1,
    name: "test",
    cluster: { peers: 5 },
    faults: [],
    work: [],
    checks: [{ check: "one-winner-per-epoch" }, { check: "agreed", within: 2_000 }],
    until: 10_000,
    quiet: 5_000,
    ...parts,
  };
}
