import type { Failover, RunResult } from "../../run/mod.ts";
import { ecdfChart } from "../charts/ecdf.ts";
import { stackedBars } from "../charts/stacked_bars.ts";
import type { Markup } from "../html.ts";
import { html } from "../html.ts";
import { ms, section, table } from "../section.ts";

/** The parts of a failover, in order. */
const PARTS = ["detect", "prevote", "vote", "register", "adopt"] as const;
/** Failovers that get a bar; more would be thinner than a pixel. */
const BARS = 300;

/** How long it took from the loss of a tracker until all followed the next, and what of. */
export function failoverSection(results: readonly RunResult[], floor?: number): Markup {
  const failovers = results.flatMap(({ seed, stats }) =>
    stats.failovers.map((failover) => ({ seed, ...failover }))
  );
  if (failovers.length === 0) {
    return section("failover", "Failover", html`<p>No tracker was lost.</p>`);
  }
  const all = failovers.map((failover) => failover.all).sort((a, b) => a - b);
  const n = all.length;
  const mean = all.reduce((sum, value) => sum + value, 0) / n;
  const split = failovers.filter((failover) => failover.split).length;
  const rules = [
    ...(floor === undefined ? [] : [{ at: floor, name: `floor ${Math.round(floor)}` }]),
    { at: at(all, 0.5), name: `p50 ${Math.round(at(all, 0.5))}` },
    { at: at(all, 0.9), name: `p90 ${Math.round(at(all, 0.9))}` },
    // Of few values the 99th hundredth is the largest, and is called that.
    n >= 500
      ? { at: at(all, 0.99), name: `p99 ${Math.round(at(all, 0.99))}` }
      : { at: all[n - 1]!, name: `max ${Math.round(all[n - 1]!)}` },
  ];
  const bars = [...failovers].sort((a, b) => a.all - b.all).slice(-BARS);
  return section(
    "failover",
    "Failover",
    html`<p>From the loss of a tracker until all that are up follow the next: n ${n}, mean ${
      ms(mean)
    }, median ${ms(at(all, 0.5))}, longest ${ms(all[n - 1]!)}${
      floor !== undefined && html`; ${(mean / floor).toFixed(2)} times the floor of ${ms(floor)}`
    }. Split votes in ${split} of ${n}.</p>`,
    html`
      <div class="pair">
        <figure>${ecdfChart(
          all,
          rules,
        )}<figcaption>Every step is one failover.</figcaption></figure>
    `,
    html`
      <figure>${stackedBars(
        bars.map((failover) => ({
          name: `seed ${failover.seed}, epoch ${failover.epoch}`,
          parts: PARTS.map((part) => failover[part]),
        })),
        PARTS,
        {
          title: "what each failover is made of",
          xLabel: `each failover, shortest first, n = ${bars.length}`,
          yLabel: "ms",
        },
      )}<figcaption>What each of them is made of.</figcaption></figure>
      </div>
    `,
    medians(failovers),
  );
}

function medians(failovers: readonly Failover[]): Markup {
  const rows = PARTS.map((part) => {
    const values = failovers.map((failover) => failover[part]).sort((a, b) => a - b);
    return [part, ms(at(values, 0.5)), ms(at(values, 0.9)), ms(values.at(-1)!)];
  });
  return table(["part", "median", "p90", "longest"], rows);
}

function at(sorted: readonly number[], share: number): number {
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)]!;
}
