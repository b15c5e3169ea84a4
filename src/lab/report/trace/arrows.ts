import type { TraceLine } from "../../run/mod.ts";
import type { Arrow } from "./diagram.ts";

type Open = { -readonly [key in keyof Arrow]: Arrow[key] };

/** The messages of a run: what was sent, joined to when it arrived or why it did not. */
export function arrowsOf(lines: readonly TraceLine[], peers: readonly string[]): Arrow[] {
  const open = new Map<string, Open>();
  const arrows: Open[] = [];
  // Of threads, what was received may be told before what was sent.
  const sent = lines.filter(({ kind }) => kind === "message.sent");
  const others = lines.filter(({ kind }) => kind !== "message.sent");
  for (const { kind, peer, t, seq, epoch, cause, data } of [...sent, ...others]) {
    if (!kind.startsWith("message.") || peer === undefined || data === undefined) continue;
    const mid = String(data["mid"]);
    if (kind === "message.sent") {
      const arrow: Open = {
        kind: String(data["message"]),
        from: peers.indexOf(peer),
        to: peers.indexOf(String(data["to"])),
        sent: t,
        sentSeq: seq,
      };
      const of = epoch ?? data["epoch"];
      if (typeof of === "number") arrow.epoch = of;
      if (cause !== undefined) arrow.cause = cause;
      open.set(mid, arrow);
      arrows.push(arrow);
      continue;
    }
    const arrow = open.get(mid);
    if (arrow === undefined) continue;
    if (kind === "message.received" && arrow.received === undefined) {
      arrow.received = t;
      arrow.receivedSeq = seq;
    } else if (kind === "message.dropped") arrow.dropped = String(data["why"] ?? "dropped");
  }
  return arrows.filter(({ from, to }) => from >= 0 && to >= 0);
}
