import type { TraceLine } from "../../run/mod.ts";
import type { Series, Shade } from "../charts/lines.ts";
import { stepLines } from "../charts/lines.ts";
import type { Markup } from "../html.ts";
import { html } from "../html.ts";
import { section } from "../section.ts";
import type { TracedRun } from "../report_input.ts";

/** Windows that the time of a run is cut into, to count messages in. */
const WINDOWS = 60;

/** The catalogue, the downloads and the messages of a run over its time. */
export function overTimeSection({ why, result, lines }: TracedRun): Markup {
  const end = Math.max(result.ms, 1);
  const shades: Shade[] = result.fired.filter(({ failed }) => failed === undefined).map((
    fault,
  ) => ({
    from: fault.at,
    to: fault.undoneAt ?? fault.at + (fault.for ?? 0),
    name: `${fault.verb} ${fault.peers.join(" ")}`,
  }));
  const charts = [
    chartOf(catalogueSeries(lines), shades, end, "files in the tracker's catalogue", "files"),
    chartOf(downloadSeries(lines), shades, end, "downloads", "downloads"),
    chartOf(messageSeries(lines, end), shades, end, "messages by kind", "per second"),
  ];
  return section(
    "over-time",
    "Over time",
    html`
      <p>Of ${why}, seed ${result.seed}; faults are shaded.</p>
      <div class="pair">${charts}</div>
    `,
  );
}

function chartOf(
  series: readonly Series[],
  shades: readonly Shade[],
  end: number,
  title: string,
  yLabel: string,
): Markup {
  const drawn = series.some(({ points }) => points.length > 0);
  return html`<figure>${
    drawn ? stepLines(series, shades, { title, end, yLabel }) : html`<p class="dim">none</p>`
  }<figcaption>${title[0]!.toUpperCase()}${title.slice(1)}.</figcaption></figure>`;
}

function catalogueSeries(lines: readonly TraceLine[]): Series[] {
  const points = lines.flatMap(({ kind, t, data }) => {
    if (kind === "election.win") return [[t, 0] as const];
    const files = data?.["files"];
    return kind.startsWith("catalogue.") && typeof files === "number" ? [[t, files] as const] : [];
  });
  return points.some(([, files]) => files > 0) ? [{ name: "files", points }] : [];
}

function downloadSeries(lines: readonly TraceLine[]): Series[] {
  const count = (kind: string): (readonly [number, number])[] => {
    const times = lines.filter((line) => line.kind === kind).map(({ t }) => t);
    return times.length === 0 ? [] : [[0, 0], ...times.map((t, i) => [t, i + 1] as const)];
  };
  return [
    { name: "done", points: count("download.done") },
    { name: "failed", points: count("download.failed") },
  ].filter(({ points }) => points.length > 0);
}

function messageSeries(lines: readonly TraceLine[], end: number): Series[] {
  const width = end / WINDOWS;
  const counts = new Map<string, number[]>();
  for (const { kind, t, data } of lines) {
    if (kind !== "message.sent") continue;
    const name = String(data?.["message"]);
    const of = counts.get(name) ?? new Array<number>(WINDOWS).fill(0);
    of[Math.min(WINDOWS - 1, Math.floor(t / width))]! += 1;
    counts.set(name, of);
  }
  return [...counts].map(([name, of]) => ({
    name,
    points: of.map((count, i) => [i * width, count / (width / 1000)] as const),
  }));
}
