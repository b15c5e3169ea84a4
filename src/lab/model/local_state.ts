import type { DurableRecord, Message, RecordRead, State } from "../../election/mod.ts";
import { FOREVER, NEVER } from "../../election/mod.ts";
import type { Sent } from "./protocol.ts";

/** A write on its way to the disk, and what leaves after it. */
export interface Write {
  readonly write: number;
  readonly record: DurableRecord;
  readonly then: readonly Envelope[];
}

/** A {@linkcode Sent} with the message in it. */
export interface Envelope extends Sent {
  readonly message: Message;
}

/** All of one peer: what it knows, what its disk holds, what is on the way there. */
export interface Local {
  readonly state: State;
  readonly disk: RecordRead;
  readonly writing: readonly Write[];
  /** Whether more was on its way than the model keeps apart: none of it arrives, and only a crash ends that. */
  readonly doomed: boolean;
}

/**
 * Keeps at most `most` writes on their way. Where there are more, the peer is doomed: none of them reaches the disk before it crashes.
 * That loses nothing of a peer that takes the end of one write for the end of that one alone. A write that does reach the disk may as
 * well have done so before the next was asked for, since a disk is as fast as it likes and what leaves earlier only stays longer in
 * the air; one that does not is lost together with all after it. A peer that mixes its writes up shows with `most` above 1.
 */
export function fewWrites(local: Local, most: number): Local {
  const doomed = local.doomed || local.writing.length > most;
  return doomed ? { ...local, writing: [], doomed } : local;
}

/**
 * The clock of the model has two readings, and every step is tried at both. At `early` whatever was promised, leased or granted as
 * grace still holds; at `late` all of it is over. {@linkcode timeless} sets every instant of a state to `early`.
 */
export const READINGS: Readonly<Record<"early" | "late", number>> = { early: 0, late: 2 ** 40 };

/**
 * A state without what only time, chance and numbering distinguish. Sound, since nothing is forbidden that was possible before:
 * what depends on an instant is tried both ways at every step (see {@linkcode READINGS}), and each of the instants that a peer
 * compares in one step (its promise, its lease, its grace, its deadline) is either the only one that its role looks at, or
 * leads to a step that one of the two readings covers: a tracker in its grace without a lease stays in office as at `early`, and hears
 * of higher epochs as at `late`. Delays, and so the draws that make them, choose nothing but instants.
 */
export function timeless({ state, disk, writing, doomed }: Local): Local {
  const leads = state.role === "tracker";
  const voteWrite = state.role === "candidate" ? state.voteWrite : 0;
  const { durable, writes, failed, configWrite } = state;
  const rank = ranks([
    durable,
    writes,
    failed,
    voteWrite,
    configWrite,
    ...writing.map(({ write }) => write),
  ]);
  return {
    state: {
      ...state,
      fails: 0,
      lag: 0,
      lastHeard: READINGS.early,
      deadline: instant(state.deadline),
      armed: instant(state.armed),
      generation: 0,
      incarnation: Math.min(state.incarnation, 1),
      owed: Math.min(state.owed, 1),
      seq: leads ? 1 : 0,
      sent: leads ? [READINGS.early] : [],
      acks: leads ? state.acks.map(() => READINGS.early) : [],
      ackBase: leads ? READINGS.early : NEVER,
      graceUntil: leads ? READINGS.early + 1 : NEVER,
      durable: rank(durable),
      writes: rank(writes),
      failed: rank(failed),
      voteWrite: rank(voteWrite),
      configWrite: rank(configWrite),
    },
    disk: disk.kind === "ok" ? { kind: "ok", record: anyLife(disk.record) } : disk,
    writing: writing.map((write) => ({
      ...write,
      write: rank(write.write),
      record: anyLife(write.record),
    })),
    doomed,
  };
}

/** A message without what only time and numbering distinguish. */
export function timelessMessage(message: Message): Message {
  const common = { ...message, incarnation: 1 };
  return "seq" in common ? { ...common, seq: 1 } : common;
}

/** Equal for two states of a peer if they are the same. Fields that it does not know count as well. */
export function keyOf({ state, disk, writing, doomed }: Local): string {
  let key = disk.kind === "ok" ? recordKey(disk.record) : disk.kind;
  if (doomed) key += " doomed";
  for (const field in state) {
    if (field === "settings") continue;
    const value = state[field as keyof State];
    key += typeof value === "object" ? `,${JSON.stringify(value)}` : `,${String(value)}`;
  }
  for (const { write, record, then } of writing) {
    key += `;${write} ${recordKey(record)}`;
    for (const { to, text } of then) key += `>${to}${text}`;
  }
  return key;
}

function recordKey({ epoch, votedFor, config, ...rest }: DurableRecord): string {
  return `${epoch} ${votedFor} ${JSON.stringify([config, rest])}`;
}

function instant(at: number): number {
  return at === FOREVER ? FOREVER : READINGS.early;
}

/** A life more or less changes nothing once there was one. */
function anyLife(record: DurableRecord): DurableRecord {
  return { ...record, incarnation: 1 };
}

/** Numbers writes anew, in the same order: 0 stays 0. */
function ranks(writes: readonly number[]): (write: number) => number {
  const order = [...new Set([0, ...writes])].sort((a, b) => a - b);
  return (write) => order.indexOf(write);
}
