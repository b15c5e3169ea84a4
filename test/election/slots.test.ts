import fc from "fast-check";
import assert from "node:assert/strict";
import { test } from "node:test";
import { encodeSlot, readSlots, SLOT_CAPACITY, SLOTS_SIZE } from "../../src/election/mod.ts";

const SECTOR = 512;

const text = (value: string): Uint8Array => new TextEncoder().encode(value);

/** A file after those writes, in turn. */
function fileOf(...records: readonly Uint8Array[]): Uint8Array {
  const file = new Uint8Array(SLOTS_SIZE);
  records.forEach((record, i) => {
    const { bytes, position } = encodeSlot(record, i + 1, i % 2);
    file.set(bytes, position);
  });
  return file;
}

function recordIn(file: Uint8Array): Uint8Array | undefined {
  const read = readSlots(file);
  return read.kind === "ok" ? read.record : undefined;
}

test("the record of the last of any writes comes back", () => {
  const record = fc.uint8Array({ maxLength: 3_000 });
  fc.assert(fc.property(fc.array(record, { minLength: 1, maxLength: 6 }), (records) => {
    assert.deepEqual(recordIn(fileOf(...records)), records.at(-1));
  }));
  const largest = new Uint8Array(SLOT_CAPACITY).fill(7);
  assert.deepEqual(recordIn(fileOf(largest)), largest);
});

test("a record that is too long is refused with its length", () => {
  assert.throws(() => encodeSlot(new Uint8Array(SLOT_CAPACITY + 1), 1, 0), /has 31997 bytes/);
});

test("21: a write that was cut off between any sectors leaves the record before it", () => {
  const long = (fill: number): Uint8Array => new Uint8Array(2_600).fill(fill);
  const [one, two, three] = [long(1), long(2), long(3)] as const;
  const { bytes, position } = encodeSlot(three, 3, 0);
  const sectors = bytes.length / SECTOR;
  for (let reached = 1; reached < 2 ** sectors - 1; reached++) {
    const file = fileOf(one, two);
    for (let i = 0; i < sectors; i++) {
      if ((reached & 2 ** i) === 0) continue;
      file.set(bytes.subarray(i * SECTOR, (i + 1) * SECTOR), position + i * SECTOR);
    }
    assert.deepEqual(recordIn(file), two, `sectors ${reached.toString(2)}`);
  }
});

test("24: a flipped bit anywhere in a record that was whole is damage, in the older one as well", () => {
  const file = fileOf(text("older"), text("latest"));
  for (const start of [0, SLOTS_SIZE / 2]) {
    for (let byte = 0; byte < SECTOR; byte++) {
      const flipped = file.slice();
      flipped[start + byte]! ^= 1 << (byte % 8);
      assert.equal(readSlots(flipped).kind, "damaged", `byte ${start + byte}`);
    }
  }
});

test("24: a latest record that went back in part is damage, not a write that was cut off", () => {
  const long = (fill: number): Uint8Array => new Uint8Array(1_200).fill(fill);
  const file = fileOf(long(1), long(2), long(3), long(4));
  // The first sector of write 3 is as it was after write 1: write 4 came after it, so it had been whole.
  file.set(encodeSlot(long(1), 1, 0).bytes.subarray(0, SECTOR), 0);
  assert.equal(readSlots(file).kind, "damaged");
});

test("24: a file of another length, of zeros, or of something else is damage", () => {
  const file = fileOf(text("record"));
  for (const bytes of [new Uint8Array(), file.subarray(0, SECTOR), new Uint8Array(SLOTS_SIZE)]) {
    assert.equal(readSlots(bytes).kind, "damaged");
  }
  assert.equal(readSlots(new Uint8Array(SLOTS_SIZE).fill(32)).kind, "damaged");
});
