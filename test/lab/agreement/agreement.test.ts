import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { kolmogorovSmirnov, mean, quantile, sorted } from "../../../src/lab/statistics/mod.ts";
import { liveFailovers } from "./live_failovers.ts";
import { simulatedFailovers } from "./simulated_failovers.ts";

/** Enough to blame a simulation that is wrong by a quarter of the spread, see the end of the test. */
const LIVE = 40;
/** A machine that lags may spoil as many again. */
const ATTEMPTS = 80;
const SIMULATED = 1_000;
/** Two runs of one distribution differ so much in one of a thousand tests. */
const ALPHA = 0.001;
/** Ms by which a simulation would have to be wrong to be blamed nearly always. */
const NOTICED = 40;

describe("failover of five peers in simulation", () => {
  it(`has the distribution that it has on threads: ${LIVE} kills`, async (t) => {
    const live = await liveFailovers(LIVE, ATTEMPTS);
    const { failovers, latencies, writes, lateness, lagged } = live;
    if (failovers.length < LIVE) {
      return t.skip(`the machine lagged in ${lagged} of ${ATTEMPTS} failovers`);
    }
    const simulated = simulatedFailovers(SIMULATED, live);
    const { statistic, pValue } = kolmogorovSmirnov(failovers, simulated);
    const line = (name: string, samples: readonly number[]): string => {
      const [p50, p99] = [0.5, 0.99].map((q) => quantile(sorted(samples), q).toFixed(2));
      return `${name}: n ${samples.length}, mean ${
        mean(samples).toFixed(2)
      } ms, p50 ${p50}, p99 ${p99}`;
    };
    const found = [
      `D ${statistic.toFixed(3)}, p ${pValue.toFixed(4)}; left out ${lagged} that lagged`,
      line("live", failovers),
      line("simulated", simulated),
      line("latency", latencies),
      line("write", writes),
      line("lateness", lateness),
    ];
    for (const text of found) t.diagnostic(text);
    assert.ok(pValue >= ALPHA, found.join("\n"));
    // As many samples do show what is wrong: the test is not passed for want of them.
    const wrong = simulated.map((ms) => ms + NOTICED);
    assert.ok(kolmogorovSmirnov(failovers, wrong).pValue < ALPHA);
  });
});
