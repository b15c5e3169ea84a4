import type { Failover, RunResult } from "../../run/mod.ts";
import type { Distribution, Summary } from "../../statistics/mod.ts";
import { ecdfChart, type Rule } from "../charts/ecdf.ts";
import { stackedBars } from "../charts/stacked_bars.ts";
import type { Markup } from "../html.ts";
import { html } from "../html.ts";
import { ms, section, table } from "../section.ts";

/** The parts of a failover, in order. */
const PARTS = ["detect", "prevote", "vote", "register", "adopt"] as const;
/** Failovers that get a bar; more would be thinner than a pixel. */
const BARS = 300;

type SeededFailover = Failover & { readonly seed: string };

/** How long it took from the loss of a tracker until all followed the next, and what of. */
export function failoverSection(summary: Summary, results: readonly RunResult[]): Markup {
  const { all } = summary.failover;
  if (all === undefined) {
    return section("failover", "Failover", html`<p>No tracker was lost.</p>`);
  }
  const failovers = results.flatMap(({ seed, stats }) =>
    stats.failovers.map((failover) => ({ seed, ...failover }))
  );
  return section(
    "failover",
    "Failover",
    html`<p>${inWords(all, summary)}</p>`,
    html`
      <div class="pair">
        <figure>
          ${ecdfChart(failovers.map((failover) => failover.all), rulesOf(all, summary))}
          <figcaption>Every step is one failover.</figcaption>
        </figure>
        <figure>
          ${barsOf(failovers)}
          <figcaption>What each of them is made of.</figcaption>
        </figure>
      </div>
    `,
    partsTable(summary),
  );
}

function inWords({ n, mean, ci, p50, max }: Distribution, summary: Summary): string {
  const { floor, splitRate = 0, spurious } = summary;
  const interval = ci === undefined ? "" : ` (95 % interval ${ms(ci[0])} to ${ms(ci[1])})`;
  const sentences = [
    "From the loss of a tracker until all that are up follow the next: " +
    `n ${n}, mean ${ms(mean)}${interval}, median ${ms(p50)}, longest ${ms(max)}.`,
    `Votes were split in ${Math.round(splitRate * 100)} % of them,`,
    `and ${spurious.count} elections were held that no fault called for.`,
  ];
  if (floor?.ratio !== undefined) {
    sentences.push(
      `Until the win it took ${floor.ratio.toFixed(2)} times the floor of ${ms(floor.ms)}.`,
    );
  }
  return sentences.join(" ");
}

function rulesOf({ p50, p90, p99, max }: Distribution, { floor }: Summary): Rule[] {
  const rule = (name: string, at: number): Rule => ({ at, name: `${name} ${Math.round(at)}` });
  return [
    ...(floor === undefined ? [] : [rule("floor", floor.ms)]),
    rule("p50", p50),
    rule("p90", p90),
    // Of few values the 99th hundredth is the largest, and is called that.
    p99 === undefined ? rule("max", max) : rule("p99", p99),
  ];
}

function barsOf(failovers: readonly SeededFailover[]): Markup {
  const bars = [...failovers].sort((a, b) => a.all - b.all).slice(-BARS).map((failover) => ({
    name: `seed ${failover.seed}, epoch ${failover.epoch}`,
    parts: PARTS.map((part) => failover[part]),
  }));
  return stackedBars(bars, PARTS, {
    title: "what each failover is made of",
    xLabel: `each failover, shortest first, n = ${bars.length}`,
    yLabel: "ms",
  });
}

function partsTable({ failover }: Summary): Markup {
  const rows = PARTS.flatMap((part) => {
    const of = failover[part];
    return of === undefined ? [] : [[part, ms(of.mean), ms(of.p50), ms(of.p90), ms(of.max)]];
  });
  return table(["part", "mean", "median", "p90", "longest"], rows);
}
