import { crc32 } from "./crc32.ts";

// Two slots that are written in turn, so that a write never touches the record before it. A slot is made of sectors, the
// unit that a disk writes whole or not at all; each carries the number of its write and a checksum. So a write that was
// cut off (every sector is sound, some are old) can be told from damage (a sector is not sound), and only the first may be
// answered with the record before: nothing that depended on the lost one was ever sent.

/** Bytes. */
const SECTOR = 512;
/** Number of the write (8 bytes), checksum of the rest (4). */
const HEADER = 12;
const BODY = SECTOR - HEADER;
/** The first body begins with the length of the record. */
const LENGTH = 4;
/** Sectors per slot: room for the longest electorate. */
const SECTORS = 64;
const SLOT = SECTORS * SECTOR;

/** Bytes of a file with both slots. */
export const SLOTS_SIZE: number = 2 * SLOT;

/** The most bytes that a slot holds. */
export const SLOT_CAPACITY: number = SECTORS * BODY - LENGTH;

/** Bytes to write, and where. */
export interface SlotWrite {
  readonly bytes: Uint8Array;
  readonly position: number;
}

/** What a file of two slots holds. */
export type SlotsRead =
  | {
    readonly kind: "ok";
    readonly record: Uint8Array;
    /** Number of the write that left it. */
    readonly write: number;
    /** Which slot it is in, 0 or 1: the next write goes to the other. */
    readonly slot: number;
  }
  | { readonly kind: "damaged"; readonly why: string };

/**
 * The write numbered `write` (from 1, higher than every one before) of `record` to `slot`.
 *
 * @throws RangeError if `record` is longer than {@linkcode SLOT_CAPACITY}
 */
export function encodeSlot(record: Uint8Array, write: number, slot: number): SlotWrite {
  if (record.length > SLOT_CAPACITY) {
    throw new RangeError(`record has ${record.length} bytes, expected at most ${SLOT_CAPACITY}`);
  }
  const content = new Uint8Array(LENGTH + record.length);
  new DataView(content.buffer).setUint32(0, record.length);
  content.set(record, LENGTH);
  const sectors = Math.ceil(content.length / BODY);
  const bytes = new Uint8Array(sectors * SECTOR);
  for (let i = 0; i < sectors; i++) {
    const sector = bytes.subarray(i * SECTOR, (i + 1) * SECTOR);
    const view = viewOf(sector);
    view.setFloat64(0, write);
    sector.set(content.subarray(i * BODY, (i + 1) * BODY), HEADER);
    view.setUint32(8, checksum(sector));
  }
  return { bytes, position: slot * SLOT };
}

/**
 * What a disk leaves of the latest write to `file` that tore a sector apart, which disks promise not to do: half of it is new. That is
 * damage, and not a write cut off: who knows what the record said? Undefined where there is no record.
 */
export function tornSlot(file: Uint8Array): SlotWrite | undefined {
  const slots = readSlots(file);
  if (slots.kind !== "ok") return undefined;
  const position = slots.slot * SLOT + SECTOR / 2;
  return {
    bytes: file.slice(position, position + SECTOR / 2).map((byte) => byte ^ 0xff),
    position,
  };
}

/** The latest record in a file of two slots. Never guesses: what is neither whole nor provably cut off is damage. */
export function readSlots(file: Uint8Array): SlotsRead {
  if (file.length !== SLOTS_SIZE) {
    return damaged(`it has ${file.length} bytes instead of ${SLOTS_SIZE}`);
  }
  const slots = [readSlot(file.subarray(0, SLOT)), readSlot(file.subarray(SLOT))] as const;
  const slot = newest(slots[0]) >= newest(slots[1]) ? 0 : 1;
  const [latest, other] = [slots[slot]!, slots[1 - slot]!];
  if (latest.kind !== "whole") {
    return damaged(latest.kind === "bad" ? latest.why : "it holds no record");
  }
  if (other.kind === "bad") return damaged(other.why);
  if (other.kind === "cut" && other.newest < latest.write) {
    return damaged("a record that was whole once is not any more");
  }
  return { kind: "ok", record: latest.record, write: latest.write, slot };
}

type Slot =
  | { readonly kind: "empty" }
  | { readonly kind: "whole"; readonly write: number; readonly record: Uint8Array }
  /** Sound sectors of different writes, the latest of them `newest`. */
  | { readonly kind: "cut"; readonly newest: number }
  | { readonly kind: "bad"; readonly why: string };

/** The write that a slot can be read as. */
function newest(slot: Slot): number {
  return slot.kind === "whole" ? slot.write : 0;
}

function readSlot(bytes: Uint8Array): Slot {
  const writes: number[] = [];
  for (let at = 0; at < SLOT; at += SECTOR) {
    const sector = bytes.subarray(at, at + SECTOR);
    const view = viewOf(sector);
    const write = view.getFloat64(0);
    if (sector.every((byte) => byte === 0)) writes.push(0);
    else if (view.getUint32(8) === checksum(sector)) writes.push(write);
    else return { kind: "bad", why: `the sector at byte ${at} does not match its checksum` };
  }
  const [first = 0] = writes;
  const length = viewOf(bytes).getUint32(HEADER);
  const sectors = Math.ceil((LENGTH + length) / BODY);
  const highest = Math.max(...writes);
  if (highest === 0) return { kind: "empty" };
  if (first !== highest || writes.slice(0, sectors).some((write) => write !== first)) {
    return { kind: "cut", newest: highest };
  }
  return { kind: "whole", write: first, record: joined(bytes, length, sectors) };
}

function joined(bytes: Uint8Array, length: number, sectors: number): Uint8Array {
  const content = new Uint8Array(sectors * BODY);
  for (let i = 0; i < sectors; i++) {
    content.set(bytes.subarray(i * SECTOR + HEADER, (i + 1) * SECTOR), i * BODY);
  }
  return content.slice(LENGTH, LENGTH + length);
}

/** Of all but its own place. */
function checksum(sector: Uint8Array): number {
  const rest = new Uint8Array(SECTOR - 4);
  rest.set(sector.subarray(0, 8));
  rest.set(sector.subarray(HEADER), 8);
  return crc32(rest);
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function damaged(why: string): SlotsRead {
  return { kind: "damaged", why };
}
