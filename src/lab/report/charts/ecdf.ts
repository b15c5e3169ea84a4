import { ecdf } from "../../statistics/mod.ts";
import type { Markup } from "../html.ts";
import { html } from "../html.ts";
import { chart, PLOT } from "./frame.ts";
import { px, scaleFromZero } from "./scale.ts";

/** A vertical line with a name. */
export interface Rule {
  readonly at: number;
  readonly name: string;
}

/** The share of `values` (ms) that are at most x, every one of them a step. */
export function ecdfChart(values: readonly number[], rules: readonly Rule[]): Markup {
  const n = values.length;
  const x = scaleFromZero(
    Math.max(1, ...values, ...rules.map(({ at }) => at)),
    PLOT.x0,
    PLOT.x1,
  );
  const y = scaleFromZero(1, PLOT.y0, PLOT.y1);
  const path = ecdf(values).map(([value, part]) => `H${px(x(value))}V${px(y(part))}`).join("");
  return chart(
    { title: `share of ${n} failovers by time`, x, y, xLabel: `ms, n = ${n}`, yLabel: "share" },
    html`
      <path class="line" d="M${px(x(0))} ${px(y(0))}${path}" />
    `,
    rules.map(({ at, name }, i) =>
      html`
        <line class="rule" x1="${px(x(at))}" x2="${px(x(at))}" y1="${PLOT.y0}" y2="${PLOT.y1}" />
        <text class="label" x="${px(x(at) + 4)}" y="${PLOT.y1 + 10 + 13 * (i % 4)}">${name}</text>
      `
    ),
  );
}
