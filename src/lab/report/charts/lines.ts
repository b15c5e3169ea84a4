import type { Markup } from "../html.ts";
import { html } from "../html.ts";
import { chart, PLOT } from "./frame.ts";
import { px, scaleFromZero } from "./scale.ts";

/** A value over time. */
export interface Series {
  readonly name: string;
  /** Time and value, in order of time. */
  readonly points: readonly (readonly [number, number])[];
}

/** A stretch of time in which something was wrong. */
export interface Shade {
  readonly from: number;
  readonly to: number;
  readonly name: string;
}

/** Values over time, a step each, with faults as shades behind them. */
export function stepLines(
  series: readonly Series[],
  shades: readonly Shade[],
  { title, end, yLabel }: {
    readonly title: string;
    /** Ms. */
    readonly end: number;
    readonly yLabel: string;
  },
): Markup {
  const x = scaleFromZero(end / 1000, PLOT.x0, PLOT.x1);
  const top = Math.max(...series.flatMap(({ points }) => points.map(([, value]) => value)), 0);
  const y = scaleFromZero(top, PLOT.y0, PLOT.y1);
  const at = (ms: number): string => px(x(ms / 1000));
  const path = ({ points }: Series): string =>
    points.map(([t, value], i) =>
      i === 0 ? `M${at(t)} ${px(y(value))}` : `H${at(t)}V${px(y(value))}`
    )
      .join("") + (points.length > 0 ? `H${at(end)}` : "");
  return html`${
    chart(
      { title, x, y, xLabel: "s", yLabel },
      shades.map(({ from, to, name }) =>
        html`
          <rect class="shade" x="${at(from)}" width="${px(
            Math.max(1, x(to / 1000) - x(from / 1000)),
          )}" y="${PLOT.y1}" height="${PLOT.y0 - PLOT.y1}">
            <title>${name}</title>
          </rect>
        `
      ),
      series.map((one, k) =>
        html`
          <path class="line series${k % 8}" d="${path(one)}">
            <title>${one.name}</title>
          </path>
        `
      ),
    )
  }<p class="legend">${
    series.map(({ name }, k) =>
      html`
        <span><i class="key series${k % 8}"></i>${name}</span>
      `
    )
  }</p>`;
}
