import type { Markup } from "../html.ts";
import { html } from "../html.ts";
import { chart, PLOT } from "./frame.ts";
import { px, scaleFromZero } from "./scale.ts";

/** One bar, its parts from the bottom up. */
export interface Bar {
  readonly name: string;
  readonly parts: readonly number[];
}

/** Bars side by side, each of the parts that `names` names. */
export function stackedBars(
  bars: readonly Bar[],
  names: readonly string[],
  { title, xLabel, yLabel }: {
    readonly title: string;
    readonly xLabel: string;
    readonly yLabel: string;
  },
): Markup {
  const total = ({ parts }: Bar): number => parts.reduce((sum, part) => sum + part, 0);
  const y = scaleFromZero(Math.max(...bars.map(total), 0), PLOT.y0, PLOT.y1);
  const width = (PLOT.x1 - PLOT.x0) / Math.max(bars.length, 1);
  const gap = Math.min(2, width / 4);
  const x = Object.assign((i: number) => PLOT.x0 + i * width, { ticks: [] });
  const drawn = bars.map((bar, i) => {
    let below = 0;
    return bar.parts.map((part, k) => {
      const top = y(below + part);
      const height = y(below) - top;
      below += part;
      return html`
        <rect class="part${k}" x="${px(x(i))}" y="${px(top)}" width="${px(width - gap)}"
          height="${px(height)}">
          <title>${bar.name}: ${names[k]} ${Math.round(part * 10) / 10}</title>
        </rect>
      `;
    });
  });
  return html`${chart({ title, x, y, xLabel, yLabel }, drawn)}<p class="legend">${
    names.map((name, k) =>
      html`
        <span><i class="key part${k}"></i>${name}</span>
      `
    )
  }</p>`;
}
