import type { Child, Markup } from "../html.ts";
import { html } from "../html.ts";
import { px, type Scale } from "./scale.ts";

/** A rectangle, px. */
interface Box {
  readonly x0: number;
  readonly x1: number;
  readonly y0: number;
  readonly y1: number;
}

const WIDTH = 640;
const HEIGHT = 240;

/** Where a chart's values are drawn, in its own px: x0 is left, y0 is below. */
export const PLOT: Box = { x0: 52, x1: WIDTH - 12, y0: HEIGHT - 34, y1: 24 };

/** A chart with axes; `title` is what screen readers say. */
export function chart(
  { title, x, y, xLabel, yLabel }: {
    readonly title: string;
    readonly x: Scale;
    readonly y: Scale;
    readonly xLabel: string;
    readonly yLabel: string;
  },
  ...content: readonly Child[]
): Markup {
  return html`<svg class="chart" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${title}">
${
    y.ticks.map((tick) =>
      html`
        <line class="grid" x1="${PLOT.x0}" x2="${PLOT.x1}" y1="${px(y(tick))}" y2="${px(
          y(tick),
        )}" />
        <text class="tick" text-anchor="end" x="${PLOT.x0 - 6}" y="${px(y(tick) + 4)}">${tickText(
          tick,
        )}</text>
      `
    )
  }
${
    x.ticks.map((tick) =>
      html`<text class="tick" text-anchor="middle" x="${px(x(tick))}" y="${PLOT.y0 + 15}">${
        tickText(tick)
      }</text>`
    )
  }
<text class="label" text-anchor="end" x="${PLOT.x1}" y="${HEIGHT - 4}">${xLabel}</text>
<text class="label" x="${PLOT.x0}" y="${PLOT.y1 - 9}">${yLabel}</text>
${content}
</svg>`;
}

function tickText(value: number): string {
  return String(Math.round(value * 1000) / 1000);
}
