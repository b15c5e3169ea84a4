import assert from "node:assert/strict";
import { test } from "node:test";
import { renderReport } from "../../../src/lab/report/mod.ts";
import { chainOf, thingsBySeq } from "../../../src/lab/report/picture/causes.ts";
import { toCsv } from "../../../src/lab/report/picture/csv.ts";
import { draw } from "../../../src/lab/report/picture/draw.ts";
import { moved, wholeView, zoomed } from "../../../src/lab/report/picture/view.ts";
import { diagramOf } from "../../../src/lab/report/trace/diagram_of.ts";
import { folded } from "../../../src/lab/report/trace/fold.ts";
import { LINES, sampleInput } from "./sample.ts";

const [run] = sampleInput(1).traced;
const diagram = diagramOf(run!);

test("a peer's lane tells its role and epoch, and when it was down", () => {
  const lane = diagram.segments.filter(({ peer }) => peer === 0);
  assert.deepEqual(lane.map(({ role, epoch }) => [role, epoch]), [
    ["down", 0],
    ["follower", 0],
    ["tracker", 1],
    ["down", 1],
  ]);
  assert.equal(lane.at(-1)!.to, 1000);
});

test("a message that was dropped has no arrival and says why", () => {
  const lost = diagram.arrows.filter(({ received }) => received === undefined);
  assert.deepEqual(lost.map(({ to, dropped }) => [to, dropped]), [[0, "down"]]);
  assert.match(draw(diagram, wholeView(diagram), 800).text, /class="arrow vote dropped"/);
});

test("lines that come late, as threads tell them, change nothing in the picture", () => {
  const late = [...LINES].sort((a, b) => Number(b.seq % 2) - Number(a.seq % 2));
  assert.deepEqual(diagramOf({ ...run!, lines: late }), diagram);
});

test("what led to a win goes back over the votes to the candidacy", () => {
  const win = LINES.find(({ kind, peer }) => kind === "election.win" && peer === "peer-2")!;
  const chain = chainOf(thingsBySeq(diagram), win.seq);
  const kinds = chain.map((seq) => LINES[seq]!.kind);
  assert.deepEqual(kinds, [
    "election.win",
    "message.received",
    "message.sent",
    "election.grant",
    "message.received",
    "message.sent",
    "election.candidate",
  ]);
});

test("what led to something is followed through lines that are not drawn", () => {
  const through = [
    { v: 1, seq: 1, t: 1, kind: "election.grant", peer: "peer-1" },
    { v: 1, seq: 2, t: 2, kind: "election.stored", peer: "peer-1", cause: 1 },
    { v: 1, seq: 3, t: 3, kind: "election.win", peer: "peer-1", cause: 2 },
  ] as const;
  const { result } = run!;
  const things = thingsBySeq(diagramOf({ why: "", result, lines: through }));
  assert.deepEqual(chainOf(things, 3), [3, 2, 1]);
});

test("zooming keeps the time under the pointer where it is, and never leaves the run", () => {
  const whole = wholeView(diagram);
  const close = zoomed(whole, diagram, 0.1, 700);
  assert.ok(close.from < 700 && close.to > 700);
  assert.equal(Math.round((700 - close.from) / (close.to - close.from) * 100), 70);
  assert.deepEqual(moved(close, diagram, 100).to, diagram.end);
  assert.equal(zoomed(close, diagram, 1e9, 0).to, diagram.end);
});

test("names from outside cannot break out of the page", () => {
  const page = renderReport(sampleInput(1));
  assert.ok(page.includes("tracker crash &lt;&amp;&gt;"));
  assert.ok(!page.includes("crash <&>"));
});

test("a report of 50 runs is smaller than a megabyte and asks for nothing outside", () => {
  const input = sampleInput(50);
  const many = Array.from({ length: 2_000 }, () => LINES).flat().map((line, seq) => ({
    ...line,
    seq,
    ...(line.data && { data: { ...line.data, mid: `${line.data["mid"]}-${seq}` } }),
  }));
  const page = renderReport({ ...input, traced: [{ ...input.traced[0]!, lines: many }] });
  assert.ok(page.length < 1_000_000, `${page.length} bytes`);
  assert.doesNotMatch(page, /(src|href)="(https?:)?\/\//);
});

test("of too many messages the heartbeats that arrived are left out first", () => {
  const heartbeat = { kind: "heartbeat", from: 0, to: 1, sent: 1, received: 2, sentSeq: 1 };
  const vote = { ...heartbeat, kind: "vote" };
  const arrows = [...Array.from({ length: 7_000 }, () => heartbeat), vote];
  const { arrows: kept, leftOut } = folded({ ...diagram, arrows });
  assert.deepEqual(kept, [vote]);
  assert.equal(leftOut, 7_000);
});

test("cells with commas and quotes survive a spreadsheet", () => {
  assert.equal(toCsv([{ a: 'x,"y"', b: 1 }]), 'a,b\n"x,""y""",1\n');
});
