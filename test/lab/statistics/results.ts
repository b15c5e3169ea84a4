import type { Failover, RunResult, RunStats } from "../../../src/lab/run/mod.ts";

/** A failover that took `all` ms. */
export function failover(all: number, more: Partial<Failover> = {}): Failover {
  return {
    at: 1_000,
    lost: "peer-1",
    next: "peer-2",
    epoch: 2,
    detect: all - 6,
    prevote: 2,
    vote: 2,
    register: 1,
    adopt: 1,
    win: all - 2,
    all,
    epochs: 1,
    split: false,
    ...more,
  };
}

/** A run with these failovers. */
export function result(
  seed: number,
  failovers: readonly Failover[],
  more: Partial<Omit<RunResult, "stats">> & { readonly stats?: Partial<RunStats> } = {},
): RunResult {
  return {
    v: 1,
    name: "a scenario",
    seed: String(seed),
    mode: "sim",
    verdict: "pass",
    checks: [],
    fired: [],
    undone: [],
    ms: 10_000,
    tookMs: 20,
    ...more,
    stats: {
      failovers,
      spurious: 0,
      epochs: 1 + failovers.length,
      messages: { HB: 100, VOTE: 4 },
      unavailable: failovers.reduce((sum, { win }) => sum + win, 0),
      downloads: { done: 0, failed: 0, bytes: 0 },
      ...more.stats,
    },
  };
}
