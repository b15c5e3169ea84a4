import type { SystemEvent } from "../../actor/mod.ts";
import { Causes } from "./causes.ts";
import type { TraceLine } from "./run_result.ts";

/** What is too frequent to be kept, and tells nothing that checks look at. It is in the trace all the same. */
const PASSING: ReadonlySet<string> = new Set([
  "election.persist",
  "election.persisted",
  "download.progress",
  "files.hashing",
  "actor.started",
  "actor.exited",
  "deadletter",
  "message.sent",
  "message.received",
]);

/** Hears an event with its place in the trace. */
export type Hearer = (event: SystemEvent, seq: number) => void;

/** Numbers the events of a run, makes lines of them, and passes them on. */
export class Recorder {
  readonly #onLine: ((line: TraceLine) => void) | undefined;
  readonly #hearers = new Set<Hearer>();
  readonly #peers = new Map<string, { inc: number; epoch: number; role: string }>();
  readonly #journal: TraceLine[] = [];
  readonly #messages: Record<string, number> = {};
  readonly #causes = new Causes();
  #seq = 0;
  #closed = false;
  /** When the run starts, on the cluster's clock; unknown while it warms up, when lines wait. */
  #start: number | undefined;
  #early: [event: SystemEvent, seq: number][] = [];

  constructor(onLine?: (line: TraceLine) => void) {
    this.#onLine = onLine;
  }

  /** The lines that tell what happened, without the most frequent kinds. */
  get journal(): readonly TraceLine[] {
    return this.#journal;
  }

  /** Messages of the election that were sent, by kind. */
  get messages(): Readonly<Record<string, number>> {
    return this.#messages;
  }

  /** Calls `hearer` for every event from now on. */
  hear(hearer: Hearer): Disposable {
    this.#hearers.add(hearer);
    return { [Symbol.dispose]: () => void this.#hearers.delete(hearer) };
  }

  /** What comes from now on is no part of the run. */
  close(): void {
    this.#closed = true;
  }

  readonly see = (event: SystemEvent): void => {
    if (this.#closed) return;
    const seq = ++this.#seq;
    if (event.kind === "message.sent") {
      const message = String(event.data["message"]);
      this.#messages[message] = (this.#messages[message] ?? 0) + 1;
    }
    if (this.#start === undefined) this.#early.push([event, seq]);
    else this.#write(event, seq, this.#start);
    for (const hearer of this.#hearers) hearer(event, seq);
  };

  /** The run starts at `time` of the cluster's clock: what came before has negative times. */
  startAt(time: number): void {
    this.#start = time;
    for (const [event, seq] of this.#early) this.#write(event, seq, time);
    this.#early = [];
  }

  /** Writes down what the run itself does, `t` ms after its start. */
  note(t: number, kind: string, data: Readonly<Record<string, unknown>>): number {
    const seq = ++this.#seq;
    if (kind === "lab.fault") this.#causes.struck(data["peers"] as readonly string[], seq);
    this.#keep({ v: 1, seq, t, kind, data });
    return seq;
  }

  #write(event: SystemEvent, seq: number, start: number): void {
    const { kind, at, data } = event;
    const { peer, epoch, role, ...rest } = data;
    if (typeof peer !== "string") {
      return this.#keep({ v: 1, seq, t: at - start, kind, data });
    }
    const known = this.#peers.get(peer) ?? { inc: 0, epoch: 0, role: "down" };
    this.#peers.set(peer, known);
    if (kind === "peer.up") Object.assign(known, { inc: data["incarnation"], role: "follower" });
    if (kind === "peer.down") known.role = "down";
    if (kind === "peer.role") Object.assign(known, { epoch, role });
    if (this.#onLine === undefined && PASSING.has(kind)) return;
    const cause = this.#onLine === undefined ? undefined : this.#causes.of(event, peer, seq);
    this.#keep({
      v: 1,
      seq,
      t: at - start,
      kind,
      peer,
      inc: known.inc,
      epoch: typeof epoch === "number" ? epoch : known.epoch,
      role: known.role,
      ...(cause !== undefined && { cause }),
      data: rest,
    });
  }

  #keep(line: TraceLine): void {
    this.#onLine?.(line);
    if (!PASSING.has(line.kind)) this.#journal.push(line);
  }
}
