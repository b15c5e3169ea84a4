import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import type { Envelope } from "../../src/actor/envelope.ts";
import type { ActorId } from "../../src/actor/mod.ts";
import { batchOf, textOf } from "../../src/runtime/threads/batch_text.ts";
import { Packer, unpack } from "../../src/runtime/threads/packing.ts";

const id = fc.constantFrom("main/1", "t1/2", "t2/3") as fc.Arbitrary<ActorId>;
const method = fc.constantFrom("add", "get");
const args = fc.array(fc.oneof(fc.integer(), fc.string(), fc.constant(undefined), fc.object()));
const meta = fc.constantFrom(undefined, { trace: "a" }, { trace: "b" });
const chain = fc.constantFrom(undefined, ["main/1"], ["t1/2", "main/1"]) as fc.Arbitrary<
  readonly ActorId[] | undefined
>;
const coded = fc.boolean();
const number = fc.nat();

const envelope: fc.Arbitrary<Envelope> = fc.oneof(
  fc.record({
    kind: fc.constant("ask" as const),
    to: id,
    id: number,
    method,
    args,
    coded,
    cost: fc.integer({ min: 1, max: 1_000_000 }),
    left: fc.oneof(fc.constant(Infinity), fc.double({ min: 0, noNaN: true })),
    meta,
    chain,
  }),
  fc.record({
    kind: fc.constant("tell" as const),
    to: id,
    method,
    args,
    coded,
    cost: fc.integer({ min: 1, max: 1_000_000 }),
    meta,
  }),
  fc.record({
    kind: fc.constant("reply" as const),
    id: number,
    value: fc.anything(),
    coded,
    failed: fc.boolean(),
  }),
  fc.record({ kind: fc.constant("cancel" as const), to: id, id: number }),
);

/** As most are: numbers, texts and the like. */
const part = fc.oneof(fc.integer(), fc.string(), fc.boolean(), fc.constant(null));
const bare = {
  to: id,
  method,
  args: fc.array(part),
  coded,
  cost: fc.integer({ min: 1, max: 1_000_000 }),
  meta: fc.constant(undefined),
};
const left = fc.integer({ min: 0 });
const plain: fc.Arbitrary<Envelope> = fc.oneof(
  fc.record({ kind: fc.constant("tell" as const), ...bare }),
  fc.record({
    kind: fc.constant("ask" as const),
    id: number,
    left,
    chain,
    ...bare,
  }),
  fc.record({
    kind: fc.constant("reply" as const),
    id: number,
    value: fc.oneof(part, fc.constant(undefined)),
    coded,
    failed: fc.boolean(),
  }),
);

describe("envelopes that travel together", () => {
  it("are the same ones after they crossed as a text, where they are plain", () => {
    fc.assert(fc.property(fc.array(plain, { minLength: 1 }), (batch) => {
      const packer = new Packer();
      for (const each of batch) packer.add(each);
      const text = textOf(packer.take());
      assert.equal(typeof text, "string");
      assert.deepEqual(unpack(batchOf(text) as unknown[]), structuredClone(batch));
    }));
  });

  it("are no text where something in them would come out as something else", () => {
    for (const part of [undefined, NaN, Infinity, -0, 1n, {}, [], new Date(0), new Map()]) {
      assert.equal(textOf([1, part]), undefined, String(part));
    }
    const plain = ["", "\ud800", "\u2028", 0, 1e-300, -5.25, 2 ** 53, true, false, null];
    assert.deepEqual(batchOf(textOf(plain)), plain);
  });

  it("are not made of a text that somebody else wrote", () => {
    assert.equal(batchOf("no batch"), "no batch");
  });

  it("are the same ones in the same order where they arrive, batch after batch", () => {
    fc.assert(fc.property(fc.array(fc.array(envelope)), (batches) => {
      const packer = new Packer();
      for (const batch of batches) {
        for (const each of batch) packer.add(each);
        assert.deepEqual(unpack(structuredClone(packer.take())), structuredClone(batch));
        assert.ok(packer.empty);
      }
    }));
  });

  it("are refused where they are no batch at all", () => {
    assert.throws(() => unpack([99]), { name: "TypeError", message: /unknown kind at 0/ });
    assert.throws(() => unpack([2, 2, 0]), { name: "TypeError", message: /for nobody/ });
  });
});
