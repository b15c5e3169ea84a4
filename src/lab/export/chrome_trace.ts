import type { Diagram } from "../report/mod.ts";

/** One event of the Chrome trace format; `ts` and `dur` in microseconds. */
export interface ChromeEvent {
  readonly name: string;
  readonly cat: string;
  /** X: a slice; s and f: ends of a flow; i: an instant; M: a name. */
  readonly ph: "X" | "s" | "f" | "i" | "M";
  readonly pid: number;
  readonly tid: number;
  readonly ts: number;
  readonly dur?: number;
  readonly id?: number;
  /** Of a flow's end: the slice that encloses it. */
  readonly bp?: "e";
  /** Of an instant: how far it is drawn; a thread, or everything. */
  readonly s?: "t" | "g";
  readonly args?: Readonly<Record<string, unknown>>;
}

const CLUSTER = 1;

/**
 * A run for chrome://tracing, Perfetto and other viewers of that format: a lane per peer, its roles as slices, messages as flows from lane to
 * lane, events and faults as instants.
 */
export function chromeTrace(diagram: Diagram): { readonly traceEvents: readonly ChromeEvent[] } {
  const { peers, segments, arrows, marks, bands } = diagram;
  const at = (ms: number): number => Math.round((ms - diagram.start) * 1_000);
  const lane = (peer: number): { readonly pid: number; readonly tid: number } => {
    return { pid: CLUSTER, tid: peer + 1 };
  };
  const traceEvents: ChromeEvent[] = [
    ...peers.map((name, peer): ChromeEvent => {
      return { name: "thread_name", cat: "", ph: "M", ...lane(peer), ts: 0, args: { name } };
    }),
    ...segments.map(({ peer, from, to, role, epoch }): ChromeEvent => ({
      name: role === "down" ? role : `${role} ${epoch}`,
      cat: "role",
      ph: "X",
      ...lane(peer),
      ts: at(from),
      dur: at(to) - at(from),
      args: { epoch },
    })),
    ...arrows.flatMap(({ kind, from, to, sent, received, dropped, epoch, sentSeq: id }) => {
      const flow = { name: kind, cat: "message", id, args: { epoch } };
      const start: ChromeEvent = { ...flow, ph: "s", ...lane(from), ts: at(sent) };
      if (received !== undefined) {
        const end: ChromeEvent = { ...flow, ph: "f", bp: "e", ...lane(to), ts: at(received) };
        return [start, end];
      }
      const lost: ChromeEvent = {
        name: `${kind} lost`,
        cat: "message",
        ph: "i",
        s: "t",
        ...lane(from),
        ts: at(sent),
        args: { to: peers[to], why: dropped },
      };
      return [lost];
    }),
    ...marks.map(({ t, peer, kind, text, seq }): ChromeEvent => ({
      name: kind,
      cat: "event",
      ph: "i",
      s: "t",
      ...lane(peer),
      ts: at(t),
      args: { text, seq },
    })),
    ...bands.flatMap(({ id, from, verb, peers: struck, text }) =>
      struck.map((peer): ChromeEvent => ({
        name: verb,
        cat: "fault",
        ph: "i",
        s: "t",
        ...lane(peer),
        ts: at(from),
        args: { id, text },
      }))
    ),
  ];
  return { traceEvents };
}
