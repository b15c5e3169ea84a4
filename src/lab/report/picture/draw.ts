import { px } from "../charts/scale.ts";
import type { Markup } from "../html.ts";
import { html } from "../html.ts";
import type { Arrow, Diagram, Mark } from "../trace/diagram.ts";
import type { View } from "./view.ts";

/** px. */
const LEFT = 76;
const TOP = 22;
const LANE = 44;
const BAR = 16;
const BOTTOM = 24;
/** Messages that are drawn at once; more would only be grey. */
const MOST = 1_500;

const LETTERS: Readonly<Record<string, string>> = {
  follower: "f",
  precandidate: "p",
  candidate: "C",
  tracker: "T",
  learner: "l",
  down: "x",
};

/** Where a time is, px. */
export function timeToX({ from, to }: View, width: number, t: number): number {
  return LEFT + ((t - from) / (to - from)) * (width - LEFT - 8);
}

/** Which time is there, ms. */
export function xToTime({ from, to }: View, width: number, x: number): number {
  return from + ((x - LEFT) / (width - LEFT - 8)) * (to - from);
}

/** The picture of what `view` looks at, `width` px wide; `chain` are the lines that stand out. */
export function draw(
  diagram: Diagram,
  view: View,
  width: number,
  chain: readonly number[] = [],
): Markup {
  const { peers } = diagram;
  const height = TOP + peers.length * LANE + BOTTOM;
  return html`<svg viewBox="0 0 ${width} ${height}" width="${width}" height="${height}">
${lanes(diagram, width)}${segments(diagram, view, width)}${bands(diagram, view, width)}${
    arrows(diagram, view, width, chain)
  }${marks(diagram, view, width, chain)}${axis(view, width, height)}
</svg>`;
}

function middle(peer: number): number {
  return TOP + peer * LANE + LANE / 2;
}

function lanes({ peers }: Diagram, width: number): Markup[] {
  return peers.map((name, peer) =>
    html`
      <text x="4" y="${middle(peer) + 4}">${name}</text>
      <line class="lane" x1="${LEFT}" x2="${width - 8}" y1="${middle(peer)}" y2="${middle(peer)}" />
    `
  );
}

function segments(diagram: Diagram, view: View, width: number): Markup[] {
  const seen = diagram.segments.filter(({ from, to }) => to >= view.from && from <= view.to);
  return seen.map(({ peer, from, to, role, epoch }) => {
    const x0 = timeToX(view, width, Math.max(from, view.from));
    const x1 = timeToX(view, width, Math.min(to, view.to));
    const y = middle(peer) - BAR / 2;
    return html`
      <rect class="segment ${role} epoch${epoch % 8}" x="${px(x0)}" y="${y}"
        width="${px(Math.max(x1 - x0, 0.5))}" height="${BAR}">
        <title>${diagram.peers[peer]} ${role}, epoch ${epoch}, ${time(from)} to ${time(to)}</title>
      </rect>${x1 - x0 > 11 &&
        html`<text class="role" x="${px(x0 + 3)}" y="${middle(peer) + 4}">${LETTERS[role] ?? "?"}${
          x1 - x0 > 34 && role !== "down" && ` ${epoch}`
        }</text>`}
    `;
  });
}

function bands(diagram: Diagram, view: View, width: number): Markup[] {
  const seen = diagram.bands.filter(({ from, to }) => to >= view.from && from <= view.to);
  return seen.map(({ id, from, to, verb, peers, text }) => {
    const x0 = timeToX(view, width, Math.max(from, view.from));
    const x1 = Math.max(timeToX(view, width, Math.min(to, view.to)), x0 + 2);
    const title = `${id} ${verb} ${peers.map((peer) => diagram.peers[peer]).join(" ")} ${text}`;
    return html`<g><title>${title}, ${time(from)} to ${time(to)}</title>${
      peers.map((peer) =>
        html`
          <rect class="band" x="${px(x0)}" y="${middle(peer) - LANE / 2 + 2}" width="${px(
            x1 - x0,
          )}" height="${LANE - 4}" />
        `
      )
    }<text class="label" x="${px(x0)}" y="12">${verb}</text></g>`;
  });
}

function arrows(
  diagram: Diagram,
  view: View,
  width: number,
  chain: readonly number[],
): Markup {
  const seen = diagram.arrows.filter((arrow) =>
    (arrow.received ?? arrow.sent) >= view.from && arrow.sent <= view.to &&
    (view.heartbeats || !arrow.kind.startsWith("heartbeat"))
  );
  const lines = seen.slice(0, MOST).map((arrow) => arrowLine(arrow, view, width, chain));
  const rest = seen.length - lines.length;
  return html`${lines}${
    rest > 0 &&
    html`
      <text class="label" x="${LEFT}"
        y="${TOP + diagram.peers.length * LANE + 8}">${rest} more messages here: look closer</text>
    `
  }`;
}

function arrowLine(arrow: Arrow, view: View, width: number, chain: readonly number[]): Markup {
  const { kind, from, to, sent, received, sentSeq, receivedSeq } = arrow;
  const lost = received === undefined;
  const x0 = timeToX(view, width, sent);
  const y0 = middle(from);
  // A message that never arrived is a stub on its way.
  const x1 = lost ? x0 + 10 : timeToX(view, width, received);
  const y1 = lost ? y0 + (middle(to) - y0) * 0.35 : middle(to);
  const inChain = chain.includes(sentSeq) ||
    (receivedSeq !== undefined && chain.includes(receivedSeq));
  const words = [
    "arrow",
    kind.startsWith("heartbeat") ? "heartbeat" : kind.includes("vote") ? "vote" : "",
    kind.includes("reply") ? "reply" : "",
    lost ? "dropped" : "",
    inChain ? "cause" : chain.length > 0 ? "faded" : "",
  ].filter((word) => word !== "");
  const d = `M${px(x0)} ${px(y0)}L${px(x1)} ${px(y1)}`;
  const head = lost ? `M${px(x1 - 3)} ${px(y1 - 3)}l6 6m0-6l-6 6` : arrowHead(x0, y0, x1, y1);
  return html`
    <path class="${words.join(" ")}" d="${d}${head}" />
    <path class="hit" data-seq="${receivedSeq ?? sentSeq}" d="${d}" />
  `;
}

function arrowHead(x0: number, y0: number, x1: number, y1: number): string {
  const angle = Math.atan2(y1 - y0, x1 - x0);
  const barb = (turn: number): string =>
    `M${px(x1)} ${px(y1)}L${px(x1 - 6 * Math.cos(angle + turn))} ${
      px(y1 - 6 * Math.sin(angle + turn))
    }`;
  return barb(0.4) + barb(-0.4);
}

function marks(
  diagram: Diagram,
  view: View,
  width: number,
  chain: readonly number[],
): Markup[] {
  const seen = diagram.marks.filter(({ t }) => t >= view.from && t <= view.to).slice(0, MOST);
  return seen.map((mark) => {
    const inChain = chain.includes(mark.seq);
    const words = ["mark", wordOf(mark)];
    if (inChain) words.push("cause");
    else if (chain.length > 0) words.push("faded");
    if (diagram.evidence.includes(mark.seq)) words.push("evidence");
    const x = timeToX(view, width, mark.t);
    return html`
      <path class="${words.join(" ")}" tabindex="-1" role="button" aria-label="${mark.kind} ${mark
        .text}"
        data-seq="${mark.seq}" style="cursor:pointer" d="${shapeOf(mark, x, middle(mark.peer))}" />
    `;
  });
}

function wordOf({ kind }: Mark): string {
  if (kind === "election.win") return "win";
  if (kind.startsWith("fault.") || kind === "peer.down") return "fault";
  return kind.includes("violation") ? "violation" : "";
}

/** A star wins, a triangle is a candidate, a cross is a fault; the rest are dots. */
function shapeOf({ kind }: Mark, x: number, y: number): string {
  const at = `${px(x)} ${px(y)}`;
  if (kind === "election.win") {
    return `M${px(x)} ${px(y - 9)}l2.4 6 6.4.4-5 4 1.7 6.2-5.5-3.5-5.5 3.5 1.7-6.2-5-4 6.4-.4z`;
  }
  if (kind === "election.candidate") return `M${px(x)} ${px(y - 7)}l6 11h-12z`;
  if (kind.startsWith("fault.") || kind === "peer.down") {
    return `M${px(x - 5)} ${px(y - 7)}l5 5 5-5 2 2-5 5 5 5-2 2-5-5-5 5-2-2 5-5-5-5z`;
  }
  return `M${at}m-2.4 9a2.4 2.4 0 1 0 4.8 0a2.4 2.4 0 1 0-4.8 0z`;
}

function axis(view: View, width: number, height: number): Markup[] {
  const step = niceStep((view.to - view.from) / 8);
  const first = Math.ceil(view.from / step);
  const last = Math.floor(view.to / step);
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => {
    const t = (first + i) * step;
    return html`<text class="tick" text-anchor="middle" x="${px(timeToX(view, width, t))}" y="${
      height - 6
    }">${time(t)}</text>`;
  });
}

function niceStep(rough: number): number {
  const power = 10 ** Math.floor(Math.log10(rough));
  return power * [1, 2, 5, 10].find((factor) => factor * power >= rough)!;
}

/** A time of the run for people. */
export function time(ms: number): string {
  return Math.abs(ms) >= 1000 || ms === 0
    ? `${Math.round(ms * 10) / 10_000} s`
    : `${Math.round(ms * 100) / 100} ms`;
}
